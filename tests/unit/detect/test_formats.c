// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * test_formats.c - the same customers in every format, one row a format, and
 * beside them what looks like it and is none. However the bytes are cut, the
 * records are the same.
 *
 * detect/heading.c, fixed.c, borders.c, split.c and the readers.
 */
#include <string.h>

#include "support/spec.h"
#include "unit/detect/collect.h"

#define CARD1 "4539148803436467"
#define CARD2 "3530111333300000"
#define CARD3 "6011000990139424"
#define CARD4 "3519538917147800"

struct format_case {
    const char *name;
    const char *text;
    size_t records;
    const char *fields; /* of every record */
};

static const struct format_case cases[] = {
    {"a card of a range that nobody has issued yet",
     "name,card no\nJerry Price," CARD1 "\nMary Reed," CARD4 "\n", 2,
     "person_name card_number"},
    {"carets", "name^card no\nJerry Price^" CARD1 "\nMary Reed^" CARD2 "\n", 2,
     "person_name card_number"},
    {"cards under an account's word, with a torn row among them",
     "account no,name\n" CARD1 ",Jerry Price\n" CARD2
     ",Mary Re\ned,Dallas\n" CARD3 ",Ann Hall\n",
     3, "card_number person_name"},
    {"a first byte that is damaged into markup",
     "<ame,card no\nJerry Price," CARD1 "\nMary Reed," CARD2 "\nnotes\n"
     "1,this row and the next ones tell nothing but that no tag follows\n"
     "2,this row and the next ones tell nothing but that no tag follows\n"
     "3,this row and the next ones tell nothing but that no tag follows\n",
     2, "person_name card_number"},
    {"tildes", "name~card no\nJerry Price~" CARD1 "\nMary Reed~" CARD2 "\n", 2,
     "person_name card_number"},
    {"colons",
     "name:card no:phone\nJerry Price:" CARD1 ":(214) 555-0142\n"
     "Mary Reed:" CARD2 ":(303) 555-0111\n",
     2, "person_name card_number phone"},
    {"single quotes",
     "'name','card no'\n'Jerry, Price','" CARD1 "'\n'Mary Reed','" CARD2 "'\n",
     2, "person_name card_number"},
    {"a blank behind the comma",
     "\"name\", \"card no\"\n\"Price, Jerry\", \"" CARD1 "\"\n"
     "\"Reed, Mary\", \"" CARD2 "\"\n",
     2, "person_name card_number"},
    {"separators behind a backslash",
     "name,address,card no\nJerry Price,2238 Cedar St\\, Dallas," CARD1 "\n"
     "Mary Reed,17 Oak Ave\\, Denver," CARD2 "\n",
     2, "person_name address card_number"},
    {"digits told to be text",
     "Jerry Price,\"=\"\"" CARD1 "\"\"\",a@b.example\n"
     "Mary Reed,\"=\"\"" CARD2 "\"\"\",c@d.example\n",
     2, "person_name card_number email"},
    {"percent codes",
     "name,card no\nJerry%20Price," CARD1 "\nMary%20Reed," CARD2 "\n", 2,
     "person_name card_number"},
    {"Base64 in every cell",
     "name,account no\nSmVycnkgUHJpY2U=,NzM0ODc3MDQ0Mw==\n"
     "TWFyeSBSZWVk,NzM0ODc3MDQ0NA==\n",
     2, "person_name account_number"},
    {"Base64 in every cell, without a header",
     "SmVycnkgUHJpY2U=,NDUzOTE0ODgwMzQzNjQ2Nw==,amVycnlAYi5leGFtcGxl\n"
     "TWFyeSBSZWVk,MzUzMDExMTMzMzMwMDAwMA==,bWFyeUBiLmV4YW1wbGU=\n"
     "QW5uIEhhbGw=,NjAxMTAwMDk5MDEzOTQyNA==,YW5uQGIuZXhhbXBsZQ==\n"
     "Qm9iIEhheQ==,NTUwMDAwNTU1NTU1NTU1OQ==,Ym9iQGIuZXhhbXBsZQ==\n"
     "U3VlIFJheQ==,NDUzOTE0ODgwMzQzNjQ2Nw==,c3VlQGIuZXhhbXBsZQ==\n"
     "VG9tIEZveA==,MzUzMDExMTMzMzMwMDAwMA==,dG9tQGIuZXhhbXBsZQ==\n"
     "S2ltIExlZQ==,NjAxMTAwMDk5MDEzOTQyNA==,a2ltQGIuZXhhbXBsZQ==\n"
     "Sm9lIERhbGU=,NTUwMDAwNTU1NTU1NTU1OQ==,am9lQGIuZXhhbXBsZQ==\n",
     8, "person_name card_number email"},
    {"products in Base64",
     "Qmx1ZSBDaGFpcg==,U0tVLTAxMDAw,My45NSBFVVIgZWFjaA==\n"
     "R2FyZGVuIFRhYmxl,U0tVLTAxMDM3,NC45NSBFVVIgZWFjaA==\n"
     "UGVuY2lsIEhCIDI=,U0tVLTAxMDc0,NS45NSBFVVIgZWFjaA==\n"
     "RGVzayBMYW1wIDQwVw==,U0tVLTAxMTEx,Ni45NSBFVVIgZWFjaA==\n"
     "UGFwZXIgQTQgODBn,U0tVLTAxMTQ4,Ny45NSBFVVIgZWFjaA==\n"
     "SW5rIFBvdCBCbGFjaw==,U0tVLTAxMTg1,OC45NSBFVVIgZWFjaA==\n"
     "Q29mZmVlIE11Zw==,U0tVLTAxMjIy,OS45NSBFVVIgZWFjaA==\n"
     "V2FsbCBDbG9jaw==,U0tVLTAxMjU5,MTAuOTUgRVVSIGVhY2g=\n",
     0, ""},
    {"signatures in Base64",
     "8VNDkieb3b+dQ93ocBy1vhS4,k424yfgsjLWNPz70/"
     "SUANqSN,qVPwmhtrZyW4GVbprQsetJ46\n"
     "SkTcFTZCBKgP6A6QOUVcwWCC,T8grJq7LR9KGjE7741gXMqPn,"
     "a1HUMd9dfxQcvs7M957fPdhh\n"
     "9co490ih1ur3JrikL7V1w8cf,b0tmEhJfs6Da7NJ5nf1snCmU,eF8+x+sy8wuQzQ/"
     "PNlfTiLX/\n"
     "YktgxYydi/"
     "tv8YhsL9YF0q3r,6x4z6KgbaXt1hVr2v828v3y7,4pycGAxiebCwKr1qGAHHwECC\n"
     "1Z7O0d7Qf4TBRVkvZb34VDWO,PZFPk0jJzA/"
     "4p5cWcAufzU0v,c0dctApWjo2ooEXO0RATfhWf\n"
     "GmViWQ7xnRBF0GxAVXQtOCiO,AxtK9Rl+wwqSb0jPQOEafbxH,Qc/"
     "A0fLRJ7BFVbckbYQBm00n\n"
     "OfqewZDu57b03/EQDWND4QkY,0Cn6OpXhdKGZNIV/U165Qn2W,gbigP5foeHxT/"
     "hqGvaBCtvDe\n"
     "/1oa4BKvpdTIicUK1Ceq9UXT,fyJT1+IosioIvaHwnFFvb+rY,"
     "hyJhYgQhft2znn35aeBpiu2O\n",
     0, ""},
    {"a drawn table",
     "+-------------+------------------+\n| name        | card no          |\n"
     "+-------------+------------------+\n| Jerry Price | " CARD1 " |\n"
     "| Mary Reed   | " CARD2 " |\n+-------------+------------------+\n",
     2, "person_name card_number"},
    {"box drawing",
     "┌─────────────┬──────────────────┐\n│ name        │ card no          │\n"
     "├─────────────┼──────────────────┤\n│ Jerry Price │ " CARD1 " │\n"
     "│ Mary Reed   │ " CARD2 " │\n└─────────────┴──────────────────┘\n",
     2, "person_name card_number"},
    {"a COPY block of PostgreSQL",
     "COPY public.customers (name, card_no) FROM stdin;\n"
     "Jerry Price\t" CARD1 "\nMary Reed\t" CARD2 "\n\\.\n",
     2, "person_name card_number"},
    {"fixed width under a header",
     "name         card_no          phone\n"
     "Jerry Price  " CARD1 " (214) 555-0142\n"
     "Mary Reed    " CARD2 " (303) 555-0111\n"
     "Ann van Hall " CARD3 " (415) 555-0199\n",
     3, "person_name card_number phone"},
    {"fixed width under dashes",
     "name         member no\n------------ ----------------\n"
     "Jerry Price  " CARD1 "\nMary Reed    " CARD2 "\n",
     2, "person_name card_number"},
    {"fixed width with full-width signs",
     "氏名       カード番号       電話番号\n"
     "佐藤 茂    " CARD1 " 03-5555-0142\n"
     "長谷川 花  " CARD2 " 03-5555-0111\n"
     "林 一郎    " CARD3 " 045-555-0199\n",
     3, "person_name card_number phone"},
    {"fixed width without a gap",
     "Jerry Price  72949191054539145452904159(512) 555-30251972-08-21\n"
     "Mary Reed    17996098934539144795257458(617) 555-23231945-09-26\n"
     "Anna Hall    37249539544539146393450740(919) 555-74211981-12-20\n"
     "Robert Hayes 37920335924539146690790814(214) 555-86561944-01-02\n"
     "Susan Ray    72875506384539144730166863(512) 555-85051954-11-10\n"
     "Thomas Fox   31465093534539147112997714(303) 555-74921981-05-14\n"
     "Kim Lee      46086983304539147600047998(617) 555-51651988-04-17\n"
     "Joseph Dale  22414171364539140754019046(303) 555-65601946-05-13\n"
     "James Smith  39416122704539142292456870(512) 555-08571970-07-23\n"
     "Linda Jones  70018920434539140784243251(512) 555-44201961-02-10\n",
     10, "person_name account_number card_number phone date_of_birth"},
    {"the same in Japanese",
     "4539143571111004佐藤 茂      東京都港区芝浦2-21-9           "
     "1940-07-25女\n"
     "4539149909001791林 一郎      大阪府大阪市北区梅田1-2-3      "
     "1947-03-08女\n"
     "4539147591526836長谷川 花    愛知県豊田市若宮町3-16-6       "
     "1946-01-02女\n"
     "4539144992253557鈴木 結衣    東京都渋谷区表参道8-3          "
     "1971-03-22女\n"
     "4539146005385847高橋 健      香川県高松市寿町2-2-15         "
     "1952-08-17女\n"
     "4539142047458296田中 陽子    熊本県熊本市中央区手取本町2-30 "
     "1986-03-14女\n"
     "4539146911838525森 明        福岡県福岡市中央区天神1-1      "
     "1964-02-13女\n"
     "4539144517829030桜井 久美子  京都府京都市左京区吉田4-5      "
     "1953-01-09女\n"
     "4539149280715019伊藤 俊介    北海道札幌市中央区南二条東9-14 "
     "1977-05-01女\n"
     "4539142262483805山本 花子    沖縄県那覇市おもろまち4-11     "
     "1951-07-28女\n",
     10, "person_name card_number address date_of_birth gender"},
    {"lots without a gap",
     "0000011807436385330137Product 5     196439192011-08-01\n"
     "0000027954108549373467Product 33    012851662011-08-02\n"
     "0000036956619931578512Product 9     099698262011-08-03\n"
     "0000043760201305025367Product 74    854413152011-08-04\n"
     "0000050279384371370072Product 76    494827482011-08-05\n"
     "0000062291809380561473Product 75    649244072011-08-06\n"
     "0000073293532904702277Product 80    206876922011-08-07\n"
     "0000084494565638020277Product 92    254746142011-08-08\n"
     "0000093541447727804242Product 87    521046552011-08-09\n"
     "0000108692240206999567Product 77    105357972011-08-10\n",
     0, ""},
    {"a log whose lines are as long as one another",
     "2011-08-05T01:02:00.441929Z INFO worker-0 job 0203588198 done\n"
     "2011-08-05T01:02:01.114344Z INFO worker-1 job 8756134681 done\n"
     "2011-08-05T01:02:02.267574Z INFO worker-2 job 9613885691 done\n"
     "2011-08-05T01:02:03.738805Z INFO worker-3 job 5976923611 done\n"
     "2011-08-05T01:02:04.441256Z INFO worker-0 job 6856770577 done\n"
     "2011-08-05T01:02:05.307689Z INFO worker-1 job 2233701748 done\n"
     "2011-08-05T01:02:06.974374Z INFO worker-2 job 0295391205 done\n"
     "2011-08-05T01:02:07.239490Z INFO worker-3 job 4613396482 done\n"
     "2011-08-05T01:02:08.222717Z INFO worker-0 job 9466017195 done\n"
     "2011-08-05T01:02:09.017379Z INFO worker-1 job 4591982848 done\n",
     0, ""},
    {"a file in hexadecimal",
     "00000000  d2 e4 7f 1e 17 5a 90 bc 43 2f b9 46 e6 a9 47 11\n"
     "00000010  09 f3 b7 9f 11 0a 26 f6 22 9f a3 45 25 26 e7 bc\n"
     "00000020  16 42 ae b4 2b f2 27 d5 0f ff 07 c3 c2 06 24 29\n"
     "00000030  2e 3b 83 d5 a9 c6 ea e1 ec 2a 0f 9e 2c f6 0b 75\n"
     "00000040  39 fe f8 82 05 bc 9a 49 67 56 af e2 ff 7b a7 cf\n"
     "00000050  80 65 dc 66 6d c4 70 a2 6b 45 44 fe b3 14 20 8d\n"
     "00000060  56 39 e6 f1 8c 6d d3 c3 fc a1 e7 a4 26 10 8e 15\n"
     "00000070  8f b5 9e 09 45 cf e8 61 0c 88 79 48 18 3b e4 37\n"
     "00000080  bc 27 65 66 f3 83 5b 05 f1 12 5b 73 8b b1 51 c9\n"
     "00000090  72 2c d2 c6 42 e6 e8 64 03 c0 af ed a7 68 32 3f\n",
     0, ""},
    {"columns two blanks apart",
     "Jerry Price   " CARD1 "   jerry@b.example\n"
     "Mary Reed   " CARD2 "   mary.reed@d.example\n"
     "Ann van Hall   " CARD3 "   ann@f.example\n"
     "Bob Hay   " CARD1 "   bob@b.example\n",
     4, "person_name card_number email"},
    {"arrays under an array of names",
     "[[\"name\",\"card_no\"],[\"Jerry Price\",\"" CARD1 "\"],"
     "[\"Mary Reed\",\"" CARD2 "\"]]",
     2, "person_name card_number"},
    {"arrays a line",
     "[\"name\", \"card_no\"]\n[\"Jerry Price\", " CARD1 "]\n"
     "[\"Mary Reed\", " CARD2 "]\n",
     2, "person_name card_number"},
    {"names of columns beside the rows",
     "{\"columns\":[\"name\",\"card_no\"],\"data\":[[\"Jerry Price\",\"" CARD1
     "\"],[\"Mary Reed\",\"" CARD2 "\"]]}",
     2, "person_name card_number"},
    {"columns described by objects",
     "{\"fields\":[{\"name\":\"name\",\"type\":\"text\"},{\"name\":"
     "\"card_no\"}],\"rows\":[[\"Jerry Price\",\"" CARD1 "\"]]}",
     1, "person_name card_number"},
    {"objects under keys of their own",
     "{\"id1\":{\"name\":\"Jerry Price\",\"card_no\":\"" CARD1
     "\"},\"id2\":{\"name\":\"Mary Reed\",\"card_no\":\"" CARD2 "\"}}",
     2, "person_name card_number"},
    {"objects inside an object are one row",
     "{\"person\":{\"name\":\"Jerry Price\"},\"card\":{\"card_no\":\"" CARD1
     "\"},\"contact\":{\"phone\":\"(214) 555-0142\"}}",
     1, "person_name card_number phone"},
    {"rows behind an address of the whole",
     "{\"contact\":\"help@shop.example\",\"items\":[{\"name\":\"Jerry "
     "Price\",\"card_no\":\"" CARD1 "\"},{\"name\":\"Mary Reed\",\"card_no\":"
     "\"" CARD2 "\"}]}",
     2, "person_name card_number"},
    {"JSON in a string of JSON",
     "{\"body\":\"[{\\\"name\\\":\\\"Jerry Price\\\",\\\"card_no\\\":\\\"" CARD1
     "\\\"}]\"}",
     1, "person_name card_number"},
    {"objects as Python writes them",
     "[{'name': 'Jerry Price', 'card_no': '" CARD1 "'}, {'name': \"O'Hara, "
     "Mary\", 'card_no': '" CARD2 "'}]\n",
     2, "person_name card_number"},
    {"objects of a script",
     "<html><head><title>A</title></head><body><a href=\"/\">Home</a>\n"
     "<script>\nvar rows = [\n  {name: 'Jerry Price', card_no: '" CARD1
     "'},\n  {name: \"Mary O'Hara\", card_no: '" CARD2
     "'}];\nfor (var i=0;i<rows.length;i++) show(rows[i]);</script></body>\n",
     2, "person_name card_number"},
    {"names of a script in Japanese",
     "<html><body><script>var c={氏名:\"佐藤 茂\",カード番号:\"" CARD2
     "\"};</script></body></html>",
     1, "person_name card_number"},
    {"JSON in a script behind other values",
     "<html><body><p>Call 1-800-555-0199</p><script type=\"application/json\">"
     "{\"props\":[{\"name\":\"Jerry Price\",\"card_no\":\"" CARD1
     "\"},{\"name\":\"Mary Reed\",\"card_no\":\"" CARD2
     "\"}]}</script></body></html>",
     2, "person_name card_number"},
    {"a page's values around a script",
     "<html><body><dl><dt>Name</dt><dd>Jerry Price</dd><dt>Card "
     "no</dt><dd>" CARD1
     "</dd></dl><script>var n = 5 < 6, t = '20110805';</script>"
     "<dl><dt>Name</dt><dd>Mary Reed</dd><dt>Card no</dt><dd>" CARD2
     "</dd></dl></body></html>",
     2, "person_name card_number"},
    {"a value below a script",
     "<html><body><p>Name: Jerry Price</p><script>var n = {a: 1};</script>"
     "<p>Card no: " CARD1 "</p></body></html>",
     1, "person_name card_number"},
    {"settings of a script",
     "<html><body><script>var s={id:1312506123,name:\"index\",version:"
     "'20110805',load:function(){return \"4000001000000000\"}};track({page:"
     "'home',account:'UA-12345678-1'});</script></body></html>",
     0, ""},
    {"objects of Python 2",
     "[{u'name': u'Jerry Price', u'card_no': u'" CARD1
     "'}, {u'name': u\"O'Hara,"
     " Mary\", u'card_no': u'" CARD2 "'}]\n",
     2, "person_name card_number"},
    {"orders as arrays",
     "[[\"4000001000000000\",\"Pencil\",3],[\"4000001000000001\",\"Pen\",1],"
     "[\"4000001000000002\",\"Ink\",2],[\"4000001000000003\",\"Cup\",9],"
     "[\"4000001000000004\",\"Pencil\",3],[\"4000001000000005\",\"Pen\",1],"
     "[\"4000001000000006\",\"Ink\",2],[\"4000001000000007\",\"Cup\",9]]",
     0, ""},
    {"elements",
     "<?xml version=\"1.0\"?>\n<list><customer><name>Jerry Price</name>"
     "<card_no>" CARD1 "</card_no></customer><customer><name>Mary O&#39;Hara"
     "</name><card_no><![CDATA[" CARD2 "]]></card_no></customer></list>",
     2, "person_name card_number"},
    {"elements inside elements are one row",
     "<ns:list xmlns:ns=\"urn:x\"><ns:customer><ns:name>Jerry Price</ns:name>"
     "<ns:contact><ns:email>j@b.example</ns:email><ns:phone>(214) 555-0142"
     "</ns:phone></ns:contact><ns:card><ns:number>" CARD1
     "</ns:number></ns:card></ns:customer></ns:list>",
     1, "person_name card_number phone email"},
    {"attributes",
     "<list>\n<customer name=\"Jerry Price\" card_no=\"" CARD1 "\"/>\n"
     "<customer name='Mary Reed' card_no='" CARD2 "'/>\n</list>\n",
     2, "person_name card_number"},
    {"fields named by attributes",
     "<resultset><row><field name=\"name\">Jerry Price</field><field "
     "name=\"card_no\">" CARD1 "</field></row><row><field name=\"name\">"
     "Mary Reed</field><field name=\"card_no\">" CARD2
     "</field></row></resultset>",
     2, "person_name card_number"},
    {"cells of a spreadsheet",
     "<Workbook><Table><Row><Cell><Data>name</Data></Cell><Cell><Data>card no"
     "</Data></Cell></Row><Row><Cell><Data>Jerry Price</Data></Cell><Cell>"
     "<Data>" CARD1 "</Data></Cell></Row></Table></Workbook>",
     1, "person_name card_number"},
    {"a table of a page without a header",
     "<table>"
     "<tr><td>Jerry Price</td><td>j@b.example</td><td>" CARD1 "</td></tr>"
     "<tr><td>Mary Reed</td><td>m@b.example</td><td>" CARD2 "</td></tr>"
     "<tr><td>Ann Hall</td><td>a@b.example</td><td>" CARD3 "</td></tr>"
     "<tr><td>Bob Hay</td><td>b@b.example</td><td>" CARD1 "</td></tr>"
     "<tr><td>Sue Ray</td><td>s@b.example</td><td>" CARD2 "</td></tr>"
     "<tr><td>Tom Fox</td><td>t@b.example</td><td>" CARD3 "</td></tr>"
     "<tr><td>Kim Lee</td><td>k@b.example</td><td>" CARD1 "</td></tr>"
     "<tr><td>Joe Dale</td><td>d@b.example</td><td>" CARD2 "</td></tr>"
     "</table>",
     8, "person_name card_number email"},
    {"a feed",
     "<?xml version=\"1.0\"?><rss><channel><title>News</title><item><title>"
     "Garden Tables</title><guid>20110805123456</guid><pubDate>Fri, 05 Aug "
     "2011</pubDate></item><item><title>Blue Chairs</title><guid>"
     "20110806123456</guid><pubDate>Sat, 06 Aug 2011</pubDate></item>"
     "</channel></rss>",
     0, ""},
    {"a statement of many tuples",
     "INSERT INTO customers (name, card_no) VALUES\n('Jerry Price', '" CARD1
     "'),\n('Mary O''Hara', " CARD2 ");\n",
     2, "person_name card_number"},
    {"tuples under the columns of their table",
     "CREATE TABLE `customers` (\n  `name` varchar(80) DEFAULT NULL,\n"
     "  `card_no` decimal(20,0),\n  PRIMARY KEY (`card_no`)\n) ENGINE=InnoDB;"
     "\n-- rows\nINSERT INTO `customers` VALUES ('Jerry Price'," CARD1
     "),('Mary O\\'Hara','" CARD2 "');\n",
     2, "person_name card_number"},
    {"a statement a row, names in brackets",
     "INSERT [dbo].[C] ([name], [card_no]) VALUES (N'Jerry Price', N'" CARD1
     "')\nGO\nINSERT [dbo].[C] ([name], [card_no]) VALUES (N'Mary Reed', "
     "CAST(N'" CARD2 "' AS varchar(20)))\nGO\n",
     2, "person_name card_number"},
    {"tuples of products",
     "INSERT INTO items (id, title, price) VALUES (10000001, 'Pencil', 1.5), "
     "(10000002, 'Pen', 2.5), (10000003, 'Ink', 4);\n",
     0, ""},
    {"lists of a line each",
     "- [\"name\", \"card no\"]\n- [\"Jerry Price\", \"" CARD1 "\"]\n"
     "- [\"Mary Reed\", \"" CARD2 "\"]\n",
     2, "person_name card_number"},
    {"vCard 2.1",
     "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Price;Jerry\r\nFN;CHARSET=UTF-8;"
     "ENCODING=QUOTED-PRINTABLE:=4A=65=72=72=\r\n=79 Price\r\nTEL;HOME;VOICE:"
     "(214) 555-0142\r\nADR;HOME:;;2238 Cedar St;Dallas;TX;75202;\r\n"
     "END:VCARD\r\n",
     1, "person_name phone address"},
    {"vCard 4.0, folded",
     "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Jerry Pr\r\n ice\r\nTEL;VALUE=uri;"
     "TYPE=\"voice,home\":tel:(214) 555-0142\r\nBDAY:19550303\r\nX-CARD-NUMBER:"
     "45391488\r\n 03436467\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:4.0\r\n"
     "FN:Mary Reed\r\nTEL:(303) "
     "555-0111\r\nBDAY:19610101\r\nX-CARD-NUMBER:" CARD2 "\r\nEND:VCARD\r\n",
     2, "person_name phone date_of_birth card_number"},
    {"LDIF, coded and folded",
     "version: 1\n\ndn: uid=1,dc=x\ncn:: SmVycnkg\n UHJpY2U=\nmail: jerry@b."
     "exa\n mple\ntelephoneNumber: (214) 555-0142\n\ndn: uid=2,dc=x\ncn: Mary "
     "Reed\nmail: m@b.example\ntelephoneNumber: (303) 555-0111\n",
     2, "person_name email phone"},
    {"YAML in blocks",
     "---\ncustomers:\n  - name: Jerry Price\n    card_no: '" CARD1 "'\n"
     "  - name: \"Mary Reed\"\n    card_no: '" CARD2 "'\n",
     2, "person_name card_number"},
    {"YAML in a line",
     "- {name: \"Jerry Price\", card_no: \"" CARD1 "\"}\n"
     "- {name: \"Mary Reed\", card_no: \"" CARD2 "\"}\n",
     2, "person_name card_number"},
    {"sections of TOML",
     "[[customers]]\nname = \"Jerry Price\"\ncard_no = \"" CARD1 "\"\n\n"
     "[[customers]]\nname = \"Mary Reed\"\ncard_no = \"" CARD2 "\"\n",
     2, "person_name card_number"},
    {"properties",
     "customer.0.name=Jerry Price\ncustomer.0.card_no=" CARD1
     "\ncustomer.1.name=Mary Reed\ncustomer.1.card_no=" CARD2 "\n",
     2, "person_name card_number"},
    {"expanded records of psql",
     "-[ RECORD 1 ]---------\nname    | Jerry Price\ncard_no | " CARD1
     "\n-[ RECORD 2 ]---------\nname    | Mary Reed\ncard_no | " CARD2 "\n",
     2, "person_name card_number"},
    {"dots between label and value",
     "name ......... Jerry Price\ncard no ...... " CARD1 "\n", 1,
     "person_name card_number"},
    {"labels in brackets", "【氏名】佐藤 茂\n【カード番号】" CARD2 "\n", 1,
     "person_name card_number"},
    {"a code that ends with the sign of a soft break, folded",
     "version: 1\n\ndn: uid=1,dc=x\ncn:: SmVycnkgUHJpY2U=\nmail: jerry@b."
     "example\n\ndn: uid=2,dc=x\ncn:: TWFyaWEgUmVlZHM=\n"
     "mail: mary@b.example\n\ndn: uid=3,dc=x\ncn:: QW5uYSBMaW5kcw=\n =\n"
     "mail: anna@b.example\n",
     3, "person_name email"},
    {"a statement without one of its quotes costs itself",
     "INSERT INTO c (name, card_no) VALUES ('Jerry Price', '" CARD1 "');\n"
     "INSERT INTO c (name, card_no) VALUES (Ann Hall', '" CARD3 "');\n"
     "INSERT INTO c (name, card_no) VALUES ('Mary Reed', '" CARD2 "');\n",
     2, "person_name card_number"},
    {"a tuple with a quote too many costs itself",
     "INSERT INTO c (name, card_no) VALUES ('Jerry Price','" CARD1
     "'),('Ann'Hall','" CARD3 "'),('Mary Reed','" CARD2 "');\n",
     2, "person_name card_number"},
    {"a tuple that never ends is left",
     "INSERT INTO c (name, card_no) VALUES ('Jerry Price','" CARD1
     "'),('Ann Hall, " CARD3,
     1, "person_name card_number"},
    {"labels on lines of their own, a card in front",
     "Card no:\n  " CARD1 "\nName:\n  Jerry Price\n\nCard no:\n  " CARD2
     "\nName:\n  Mary Reed\n",
     2, "card_number person_name"},
    {"labels on lines of their own",
     "Name:\n  Jerry Price\nCard no:\n  " CARD1 "\n", 1,
     "person_name card_number"},
    {"objects in a log whose lines are as long as one another",
     "2011-08-05 01:00:00 DEBUG api - {\"name\": \"Jerry Price\", \"card_no\": "
     "\"" CARD1 "\"}\n"
     "2011-08-05 01:00:01 DEBUG api - {\"name\": \"Marie Reeds\", \"card_no\": "
     "\"" CARD2 "\"}\n"
     "2011-08-05 01:00:02 DEBUG api - {\"name\": \"Ann Hall\", \"card_no\": "
     "\"" CARD3 "\"}\n"
     "2011-08-05 01:00:03 DEBUG api - {\"name\": \"Bob Haydensmith\", "
     "\"card_no\": \"" CARD1 "\"}\n",
     4, "person_name card_number"},
    {"values in a log",
     "2011-08-05T01:02:03Z INFO [crm] saved name=\"Jerry Price\" "
     "card_no=\"" CARD1
     "\" n=1\n2011-08-05T01:02:04Z INFO [crm] saved name=\"Mary Reed\" "
     "card_no=\"" CARD2 "\" n=2\n",
     2, "person_name card_number"},
    {"sentences",
     "The customer's name is Jerry Price. His card number is " CARD1
     ". Mail goes to j@b.example only.\n\nThe customer's name is Mary Reed. "
     "Her card number is " CARD2 ". Mail goes to m@b.example only.\n",
     2, "person_name card_number email"},
    {"sentences in Japanese",
     "氏名は佐藤 茂です。カード番号は" CARD2
     "です。電話番号は03-5555-0142です。"
     "\n",
     1, "person_name card_number phone"},
    {"a section of TOML, labels in quotes",
     "[[customer]]\n\"Account No.\" = \"7399210079\"\n\"Client Name\" = "
     "\"Jerry Price\"\n\n[[customer]]\n\"Account No.\" = "
     "\"7195502252\"\n\"Client Name\" = \"Mary Reed\"\n",
     2, "account_number person_name"},
    {"UPDATE statements, quotes around names and doubled in values",
     "UPDATE c SET \"Card #\" = '" CARD1 "', \"full name\" = 'Ann "
     "O''Brien', dob='1970-05-06' WHERE id = 1;\n"
     "UPDATE c SET \"Card #\" = '" CARD2 "', \"full name\" = 'Mary "
     "Reed', dob='1971-05-06' WHERE id = 2;\n",
     2, "card_number person_name date_of_birth"},
    {"arrays of PHP",
     "<?php\nreturn array(\n  array('Card #' => '" CARD1
     "', 'Client Name' => 'Jerry Price', 'DOB' => '1970-05-06'),\n  "
     "array('Card #' "
     "=> '" CARD2
     "', 'Client Name' => 'Mary Reed', 'DOB' => '1971-05-06'),\n);\n",
     2, "card_number person_name date_of_birth"},
    {"arrays of PHP as var_export writes them",
     "<?php return array (\n  0 => \n  array (\n    'Card #' => '" CARD1
     "',\n    'Client Name' => 'Jerry Price',\n  ),\n  1 => \n  array (\n    "
     "'Card #' => '" CARD2 "',\n    'Client Name' => 'Mary Reed',\n  ),\n);\n",
     2, "card_number person_name"},
    {"hashes of Ruby",
     "[{\"card_no\"=>\"" CARD1 "\", :name=>\"Jerry Price\"}, "
     "{\"card_no\"=>\"" CARD2 "\", :name=>\"Mary Reed\"}]\n",
     2, "card_number person_name"},
    {"objects of a script with both quotes and names in Japanese",
     "const c = [\n  { \"card no\": '" CARD1 "', 氏名: '佐藤 茂' },\n"
     "  { \"card no\": '" CARD2 "', 氏名: '鈴木 恵' },\n];\n",
     2, "card_number person_name"},
    {"objects of name and value, an array of them per customer",
     "{\"responses\": [{\"id\": 1, \"answers\": [{\"label\": \"Card #\", "
     "\"answer\": \"" CARD1 "\"}, {\"label\": \"Client Name\", "
     "\"answer\": \"Jerry Price\"}]}, {\"id\": 2, \"answers\": "
     "[{\"label\": \"Card #\", \"answer\": \"" CARD2
     "\"}, {\"label\": \"Client Name\", \"answer\": \"Mary Reed\"}]}]}",
     2, "card_number person_name"},
    {"one array of names and values, which come again",
     "[{\"name\":\"Card #\",\"value\":\"" CARD1
     "\"},{\"name\":\"Client Name\",\"value\":\"Jerry Price\"},"
     "{\"name\":\"Card #\",\"value\":\"" CARD2
     "\"},{\"name\":\"Client Name\",\"value\":\"Mary Reed\"}]",
     2, "card_number person_name"},
    {"names and values of a product",
     "{\"options\":[{\"name\":\"Colour\",\"value\":\"red\"},{\"name\":"
     "\"Size\",\"value\":\"12345678901\"}]}",
     0, ""},
    {"cells in quotes with blanks between them",
     "\"Card #\" \"Client Name\" \"DOB\"\n\"" CARD1
     "\" \"Jerry Price\" \"1970-05-06\"\n\"" CARD2
     "\" \"Mary Reed\" \"1971-05-06\"\n",
     2, "card_number person_name date_of_birth"},
    {"an array of PHP that names no customer",
     "<?php\nreturn array(\n  'build' => '7399210079',\n  'name' => 'cache',\n"
     "  'ttl' => '86400',\n);\n",
     0, ""},
    {"a number with blanks up to the next one, then labels",
     "m034364   9\nPhone:4982614\n, \\u53e3\\u5ea7: {\\u540d: \xd8\n-", 1,
     "person_name phone"},
    {"columns at their places, no header, nothing but a day to begin with",
     "Debra Lopez        1972-05-27  9158 Graves Route, Port Clare, AZ 17858\n"
     "Robert Gonzalez    1967-11-18  67203 Rebecca Court, Harristown, NE "
     "02790\n"
     "Michelle Williams  1952-08-20  490 Janice Village, Meganport, OH 46008\n"
     "Daniel Wallace     1940-12-08  1800 Ann Lane, Lake Ashlee, NC 13054\n"
     "Victoria Brien     1958-10-15  6495 Timothy Garden, Adkinsburgh, MA "
     "19181\n"
     "Mark Miller        1949-08-18  2798 Miller Orchard, Joseton, NH 77212\n"
     "Brett Vasquez      1989-12-08  905 Stephen Island, Johnsonstad, ND "
     "53804\n"
     "Angela Miller      1942-08-30  2672 Michael Ford, Leeberg, CT 85084\n",
     8, "person_name date_of_birth address"},
    {"days two blanks apart in a list of files",
     "total 96\n-rw-r--r--  1 taro  users  8812  2011-08-05  report.txt\n"
     "-rw-r--r--  1 taro  users  8713  2011-08-06  backup.tar\n"
     "-rw-r--r--  1 taro  users  1124  2011-08-07  pictures\n"
     "-rw-r--r--  1 taro  users  9971  2011-08-08  music.mp3\n",
     0, ""},
    {"labels on the last lines, the very last without an end",
     "m034364   9\nPhone:4982614\n\nName:ct", 1, "person_name phone"},
    {"settings",
     "[server]\nhost = db1.bank.example\nport = 5432\nid = 1234567890\n"
     "[client]\nname = backup\ntimeout = 30\n",
     0, ""},
    {"a log of requests",
     "2011-08-05T01:02:03Z INFO request id=1312506123456 name=index "
     "status=200 bytes=1234567\n2011-08-05T01:02:04Z INFO request "
     "id=1312506123457 name=login status=200 bytes=7654321\n",
     0, ""},
    {"prose with words of a header",
     "the name and the address of the account holder\n"
     "were sent on 2011-08-05 with order 12345678 again\n"
     "and the phone was not in it, as they said later\n",
     0, ""},
    {"a list of files",
     "-rw-r--r-- 1 taro users 12345678 2011-08-05 01:02 report.txt\n"
     "-rw-r--r-- 1 taro users 87654321 2011-08-06 11:32 backup.tar\n"
     "-rw-r--r-- 1 taro users 11223344 2011-08-07 21:12 pictures\n"
     "-rw-r--r-- 1 taro users 99887766 2011-08-08 09:22 music.mp3\n"
     "-rw-r--r-- 1 taro users 12345679 2011-08-09 01:02 a.txt\n"
     "-rw-r--r-- 1 taro users 87654322 2011-08-10 11:32 b.tar\n"
     "-rw-r--r-- 1 taro users 11223345 2011-08-11 21:12 c\n"
     "-rw-r--r-- 1 taro users 99887767 2011-08-12 09:22 d.mp3\n",
     0, ""},
};

static void test_case(void **state)
{
    const struct format_case *c = *state;

    collect_expect(span_of(c->text), c->records, c->fields);
}

static void test_cuts(void **state)
{
    const struct format_case *c = *state;

    collect_cuts(span_of(c->text));
}

static void test_a_hole_in_a_dump_costs_its_tuple(void **state)
{
    static const char front[] =
        "INSERT INTO c (name, card_no) VALUES ('Jerry Price','" CARD1
        "'),('Mary";
    static const char behind[] =
        "39424'),('Ann Hall','" CARD3 "'),('Jerry Price','" CARD1 "');\n";
    static struct collected found;
    struct detect *d = collect_detect(NULL, 0, NULL);

    (void)state;
    for (size_t piece = 1; piece < 40; piece++) {
        found.count = 0;
        struct rows *r = collect_open(d, &found);
        collect_feed(r, SPAN(front), piece);
        rows_gap(r, 12);
        collect_feed(r, SPAN(behind), piece);
        rows_close(r);
        assert_int_equal(found.count, 3);
    }
    collect_end(d);
}

/* A byte of a dump's line costs its tuple, at most the one beside it. */
static void test_a_spoilt_byte_of_a_dump_costs_its_tuple(void **state)
{
    static const char dump[] =
        "INSERT INTO t (name, card_no) VALUES ('Jerry Price','" CARD1
        "'),('Mary Reed','" CARD2 "'),('Ann Hall','" CARD3
        "'),('Bob Hay','" CARD4 "'),('Sue Ray','" CARD1 "');\n";
    static const char values[] = {'\0', '\xff', '"', '\'', ',', '7', '<'};
    static struct collected found;
    struct detect *d = collect_detect(NULL, 0, NULL);
    char text[sizeof(dump)];
    const char *second = strstr(dump, "('Mary"), *third = strstr(dump, "('Ann");

    (void)state;
    for (const char *at = second; at <= third; at++) {
        for (size_t i = 0; i < sizeof(values); i++) {
            memcpy(text, dump, sizeof(dump));
            text[at - dump] = values[i];
            const struct span s = {(uint8_t *)text, sizeof(dump) - 1};
            collect(d, s, SIZE_MAX, &found);
            assert_in_range(found.count, 3, 5);
        }
    }
    collect_end(d);
}

/* Labels are values by value: what a spoilt one leaves out is its row's. */
static void test_a_spoilt_label_costs_its_value(void **state)
{
    static const char *const text[] = {
        "name: Jerry Price\nphone: (214) 555-0142\ncard no: " CARD1 "\n\n"
        "name: Mary Reed\nphone: (303) 555-0111\ncard no: " CARD2 "\n\n"
        "n#me: Ann Hall\nphone: (303) 555-0112\ncard no: " CARD3 "\n\n"
        "name: Bob Hay\nphone: (303) 555-0113\ncard no: " CARD4 "\n",
        "n#me: Jerry Price\nphone: (214) 555-0142\ncard no: " CARD1 "\n\n"
        "name: Mary Reed\nphone: (303) 555-0111\ncard no: " CARD2 "\n\n"
        "name: Ann Hall\nphone: (303) 555-0112\ncard no: " CARD3 "\n\n"
        "name: Bob Hay\nphone: (303) 555-0113\ncard no: " CARD4 "\n\n"
        "name: Sue Ray\nphone: (303) 555-0114\ncard no: " CARD1 "\n"};
    static struct collected found;
    struct detect *d = collect_detect(NULL, 0, NULL);
    uint32_t all = collect_fields("person_name phone card_number");

    (void)state;
    collect(d, span_of(text[0]), SIZE_MAX, &found);
    assert_int_equal(found.count, 4);
    assert_int_equal(found.record[2].fields,
                     collect_fields("phone card_number"));
    assert_int_equal(found.record[3].fields, all);
    collect(d, span_of(text[1]), SIZE_MAX, &found);
    assert_int_equal(found.count, 5);
    assert_int_equal(found.record[4].fields, all);
    collect_end(d);
}

static void test_a_cut_row_is_not_named_by_a_name(void **state)
{
    static const char text[] =
        "x\nname,address,dob\nry Reed,\"17 Oak Ave, Denver\",1961-01-01\ny";
    static struct collected found;
    struct detect *d = collect_detect(NULL, 0, NULL);
    struct part part = {.trail = "overlap"};
    struct record_sink sink = {&found, collect_keep};

    (void)state;
    for (int overlap = 0; overlap < 2; overlap++) {
        part.overlap = overlap;
        found.count = 0;
        struct rows *r = rows_open(d, &part, &sink);
        assert_non_null(r);
        collect_feed(r, SPAN(text), SIZE_MAX);
        rows_close(r);
        assert_int_equal(found.count, !overlap);
    }
    collect_end(d);
}

int main(void)
{
    struct CMUnitTest tests[2 * COUNT(cases) + 4];
    size_t count = 0;

    SPEC_TABLE(tests, count, cases, test_case);
    SPEC_TABLE(tests, count, cases, test_cuts);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        test_a_hole_in_a_dump_costs_its_tuple);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        test_a_spoilt_byte_of_a_dump_costs_its_tuple);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        test_a_spoilt_label_costs_its_value);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        test_a_cut_row_is_not_named_by_a_name);
    return SPEC_RUN("detect/formats", tests, count);
}
