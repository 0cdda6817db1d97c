# SPDX-License-Identifier: GPL-3.0-or-later
# Write FILES as const arrays into the C file OUT (conf/conf.h says how they
# are found): cmake -DOUT=... -DFILES="a;b" -P embed.cmake
set(arrays "")
set(rows "")
set(number 0)
list(SORT FILES)
foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME)
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(APPEND arrays
        "static const unsigned char file_${number}[] = {${bytes}};\n")
    string(APPEND rows
        "    {\"rules/${name}\", file_${number}, sizeof(file_${number})},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT}
    "/* made of the rule files by embed.cmake */\n"
    "#include \"conf/conf.h\"\n\n${arrays}\n"
    "const struct shipped shipped_rules[] = {\n${rows}};\n"
    "const size_t shipped_rule_count = ${number};\n")
