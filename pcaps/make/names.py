# SPDX-License-Identifier: GPL-3.0-or-later
"""names.py - words that invented customers are put together from.

Common family and given names, town names and street names of Japan and the
United States; who and where is combined at random, so no row is a person.
Some Japanese words are here because a byte of them in CP932 is a backslash
(ソ 能 十 予 表): a decoder that mistakes it shows.

It must hold data only.
"""

JP_FAMILY = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 "
    "松本 井上 木村 林 斎藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 "
    "小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 斉藤 福田 太田 "
    "西村 藤井 金子 岡本 藤原 中野 三浦 原田 中川 松田 竹内 小野 田村 中山 "
    "和田 石田 森田 上田 原 内田 柴田 酒井 宮崎 横山 高木 安藤 宮本 大野 小島 "
    "谷口 今井 工藤 高田 増田 丸山 杉山 村田 大塚 新井 小山 平野 藤本 河野 "
    "上野 野口 武田 松井 千葉 菅原 岩崎 木下 久保 佐野 野村 松尾 市川 菊地 "
    "杉本 古川 島田 水野 桜井 能登 十河 表 曽根 渡邉").split()

JP_MALE = (
    "太郎 一郎 健一 浩 誠 隆 茂 豊 明 博 正 勝 清 実 和夫 幸雄 昭 修 進 勇 "
    "剛 大輔 翔太 拓也 健太 直樹 哲也 達也 和也 雄太 亮 翔 蓮 大翔 悠斗 陽太 "
    "颯太 樹 海斗 陸 悟 洋介 俊介 圭介 慎一 孝之 秀樹 雅之 義男 文雄 武 学 "
    "康弘 裕之 智 淳 徹 学史 能成 十三").split()

JP_FEMALE = (
    "花子 幸子 和子 洋子 恵子 久美子 由美子 真由美 明美 美穂 陽子 智子 裕子 "
    "京子 節子 文子 順子 典子 直美 千恵 愛 美咲 彩 さくら 結衣 陽菜 葵 凛 "
    "美優 七海 真央 優花 舞 千尋 香織 恵 麻衣 友美 理恵 絵美 由紀 佳奈 里奈 "
    "沙織 瞳 桃子 春香 夏美 秋子 冬美 雪 光 静香 みどり ソノ 千代 八重 ゆり "
    "かおり あゆみ").split()

# prefecture, dialling code, city or ward with towns
JP_PLACES = (
    ("東京都", "03", "港区:芝浦 六本木 赤坂 新橋 白金 南青山"),
    ("東京都", "03", "新宿区:西新宿 四谷 神楽坂 高田馬場 大久保"),
    ("東京都", "03", "世田谷区:三軒茶屋 経堂 成城 用賀 下馬"),
    ("東京都", "03", "渋谷区:神宮前 恵比寿 代々木 道玄坂 表参道"),
    ("東京都", "03", "江東区:豊洲 亀戸 木場 門前仲町 東雲"),
    ("東京都", "03", "練馬区:光が丘 石神井町 大泉学園町 豊玉北"),
    ("東京都", "042", "八王子市:旭町 南大沢 北野町 子安町"),
    ("神奈川県", "045", "横浜市中区:本町 山下町 元町 日本大通"),
    ("神奈川県", "045", "横浜市港北区:日吉 綱島西 菊名 新横浜"),
    ("神奈川県", "044", "川崎市幸区:堀川町 大宮町 鹿島田"),
    ("大阪府", "06", "大阪市北区:梅田 中之島 天神橋 曾根崎"),
    ("大阪府", "06", "大阪市中央区:難波 心斎橋筋 本町 北浜"),
    ("大阪府", "072", "堺市堺区:南瓦町 大浜北町 甲斐町東"),
    ("愛知県", "052", "名古屋市中区:栄 丸の内 大須 錦"),
    ("愛知県", "0565", "豊田市:西町 若宮町 元城町"),
    ("埼玉県", "048", "さいたま市大宮区:桜木町 宮町 土手町"),
    ("埼玉県", "049", "川越市:新富町 脇田町 幸町"),
    ("千葉県", "043", "千葉市中央区:富士見 中央港 本千葉町"),
    ("千葉県", "047", "船橋市:本町 湊町 宮本"),
    ("兵庫県", "078", "神戸市中央区:三宮町 元町通 磯上通"),
    ("兵庫県", "0798", "西宮市:甲子園町 北口町 六湛寺町"),
    ("北海道", "011", "札幌市中央区:北一条西 南二条東 大通西"),
    ("北海道", "0166", "旭川市:四条通 宮下通 神楽"),
    ("福岡県", "092", "福岡市博多区:博多駅前 中洲 祇園町"),
    ("福岡県", "093", "北九州市小倉北区:魚町 浅野 城内"),
    ("静岡県", "054", "静岡市葵区:追手町 紺屋町 呉服町"),
    ("静岡県", "053", "浜松市中区:板屋町 鍛冶町 元城町"),
    ("茨城県", "029", "水戸市:三の丸 泉町 宮町"),
    ("広島県", "082", "広島市中区:基町 紙屋町 八丁堀"),
    ("京都府", "075", "京都市中京区:烏丸通 河原町通 寺町通"),
    ("宮城県", "022", "仙台市青葉区:一番町 国分町 本町"),
    ("新潟県", "025", "新潟市中央区:万代 古町通 学校町通"),
    ("長野県", "026", "長野市:南千歳 鶴賀 県町"),
    ("岐阜県", "058", "岐阜市:司町 神田町 柳ケ瀬通"),
    ("群馬県", "027", "前橋市:大手町 本町 千代田町"),
    ("栃木県", "028", "宇都宮市:本町 大通り 馬場通り"),
    ("岡山県", "086", "岡山市北区:表町 駅元町 内山下"),
    ("福島県", "024", "福島市:杉妻町 五老内町 栄町"),
    ("三重県", "059", "津市:広明町 羽所町 丸之内"),
    ("熊本県", "096", "熊本市中央区:手取本町 水前寺 花畑町"),
    ("鹿児島県", "099", "鹿児島市:山下町 東千石町 鴨池新町"),
    ("沖縄県", "098", "那覇市:泉崎 久茂地 おもろまち"),
    ("滋賀県", "077", "大津市:京町 御陵町 浜大津"),
    ("山口県", "083", "山口市:滝町 亀山町 中央"),
    ("愛媛県", "089", "松山市:一番町 二番町 大街道"),
    ("愛媛県", "089", "伊予市:米湊 灘町 湊町"),
    ("長崎県", "095", "長崎市:尾上町 江戸町 桜町"),
    ("奈良県", "0742", "奈良市:登大路町 三条本町 二条大路南"),
    ("青森県", "017", "青森市:長島 新町 古川"),
    ("青森県", "0176", "十和田市:西十二番町 稲生町 東三番町"),
    ("岩手県", "019", "盛岡市:内丸 大通 菜園"),
    ("大分県", "097", "大分市:大手町 荷揚町 府内町"),
    ("石川県", "076", "金沢市:鞍月 香林坊 広坂"),
    ("山形県", "023", "山形市:松波 七日町 旅篭町"),
    ("宮崎県", "0985", "宮崎市:橘通東 橘通西 高千穂通"),
    ("富山県", "076", "富山市:新総曲輪 新桜町 桜橋通り"),
    ("秋田県", "018", "秋田市:山王 中通 大町"),
    ("秋田県", "0185", "能代市:上町 畠町 元町"),
    ("香川県", "087", "高松市:番町 寿町 丸の内"),
    ("和歌山県", "073", "和歌山市:小松原通 七番丁 本町"),
    ("佐賀県", "0952", "佐賀市:城内 駅前中央 松原"),
    ("山梨県", "055", "甲府市:丸の内 中央 相生"),
    ("福井県", "0776", "福井市:大手 中央 順化"),
    ("徳島県", "088", "徳島市:万代町 幸町 両国本町"),
    ("高知県", "088", "高知市:丸ノ内 帯屋町 本町"),
    ("島根県", "0852", "松江市:殿町 末次町 朝日町"),
    ("鳥取県", "0857", "鳥取市:東町 尚徳町 栄町"),
)

JP_BUILDINGS = (
    "グリーンハイツ コーポ桜 メゾンソレイユ パークマンション第二 レジデンス表 "
    "サンシティ ハイム能 ロイヤルコート アーバンビル シャトー十番").split()

US_FIRST = (
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth "
    "William Barbara Richard Susan Joseph Jessica Thomas Sarah Charles Karen "
    "Christopher Lisa Daniel Nancy Matthew Betty Anthony Margaret Mark Sandra "
    "Donald Ashley Steven Kimberly Paul Emily Andrew Donna Joshua Michelle "
    "Kenneth Carol Kevin Amanda Brian Dorothy George Melissa Timothy Deborah "
    "Ronald Stephanie Edward Rebecca Jason Sharon Jeffrey Laura Ryan Cynthia "
    "Jacob Kathleen Gary Amy Nicholas Angela Eric Shirley Jonathan Anna "
    "Stephen Brenda Larry Pamela Justin Emma Scott Nicole Brandon Helen "
    "Benjamin Samantha Samuel Katherine Gregory Christine Alexander Debra "
    "Patrick Rachel Frank Carolyn Raymond Janet Jack Maria Dennis Olivia "
    "Jerry Heather").split()

US_LAST = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez "
    "Martinez Hernandez Lopez Gonzalez Wilson Anderson Thomas Taylor Moore "
    "Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez "
    "Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill "
    "Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter "
    "Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins "
    "Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan "
    "Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson "
    "Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price "
    "Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell "
    "Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes "
    "Fisher Vasquez Simmons Romero Jordan Patterson Hamilton Graham "
    "O'Brien").split()

US_STREETS = (
    "Main Oak Maple Cedar Pine Elm Washington Lake Hill Walnut Spring North "
    "Ridge Church Willow Mill Sunset Railroad Jefferson Center Highland "
    "Forest Jackson River Meadow Broad Chestnut Franklin Lincoln "
    "Park").split()
US_KINDS = ("St", "Ave", "Rd", "Blvd", "Ln", "Dr", "Ct", "Way")

# city, state, first three digits of the ZIP code, area code
US_PLACES = (
    ("New York", "NY", "100", "212"), ("Brooklyn", "NY", "112", "718"),
    ("Buffalo", "NY", "142", "716"), ("Los Angeles", "CA", "900", "213"),
    ("San Diego", "CA", "921", "619"), ("San Jose", "CA", "951", "408"),
    ("Sacramento", "CA", "958", "916"), ("Chicago", "IL", "606", "312"),
    ("Springfield", "IL", "627", "217"), ("Houston", "TX", "770", "713"),
    ("Dallas", "TX", "752", "214"), ("Austin", "TX", "787", "512"),
    ("San Antonio", "TX", "782", "210"), ("Phoenix", "AZ", "850", "602"),
    ("Tucson", "AZ", "857", "520"), ("Philadelphia", "PA", "191", "215"),
    ("Pittsburgh", "PA", "152", "412"), ("Jacksonville", "FL", "322", "904"),
    ("Miami", "FL", "331", "305"), ("Tampa", "FL", "336", "813"),
    ("Orlando", "FL", "328", "407"), ("Columbus", "OH", "432", "614"),
    ("Cleveland", "OH", "441", "216"), ("Charlotte", "NC", "282", "704"),
    ("Raleigh", "NC", "276", "919"), ("Indianapolis", "IN", "462", "317"),
    ("Seattle", "WA", "981", "206"), ("Spokane", "WA", "992", "509"),
    ("Denver", "CO", "802", "303"), ("Boston", "MA", "021", "617"),
    ("Worcester", "MA", "016", "508"), ("Nashville", "TN", "372", "615"),
    ("Memphis", "TN", "381", "901"), ("Detroit", "MI", "482", "313"),
    ("Portland", "OR", "972", "503"), ("Las Vegas", "NV", "891", "702"),
    ("Louisville", "KY", "402", "502"), ("Baltimore", "MD", "212", "410"),
    ("Milwaukee", "WI", "532", "414"), ("Albuquerque", "NM", "871", "505"),
    ("Kansas City", "MO", "641", "816"), ("Atlanta", "GA", "303", "404"),
    ("Omaha", "NE", "681", "402"), ("Minneapolis", "MN", "554", "612"),
    ("Tulsa", "OK", "741", "918"), ("New Orleans", "LA", "701", "504"),
    ("Honolulu", "HI", "968", "808"), ("Newark", "NJ", "071", "973"),
)

MAIL_DOMAINS = ("example.com", "example.net", "example.org",
                "mail.example.com", "post.example.net")
