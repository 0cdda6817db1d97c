# SPDX-License-Identifier: GPL-3.0-or-later
# Language, warnings and instrumentation for every target of the project.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()

add_compile_definitions(_GNU_SOURCE OUTFLOW_VERSION="${PROJECT_VERSION}")
add_compile_options(
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wcast-qual -Wformat=2
    -Wformat-security -Wstrict-prototypes -Wmissing-prototypes -Wundef
    -Wpointer-arith -Wwrite-strings -Wvla -fno-common -fstack-protector-strong)
if(OUTFLOW_WERROR)
    add_compile_options(-Werror)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_options(-O3)
    include(CheckIPOSupported)
    check_ipo_supported(RESULT has_ipo OUTPUT ignored)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${has_ipo})
    if(CMAKE_C_COMPILER_ID STREQUAL "GNU") # all cores, and no word about it
        set(CMAKE_C_COMPILE_OPTIONS_IPO -flto=auto -fno-fat-lto-objects)
    endif()
    add_link_options(-Wl,-z,relro,-z,now)
endif()
# Sandbox and memory caps fight instrumentation: off there, by build only.
if(OUTFLOW_SANITIZE OR OUTFLOW_FUZZ OR OUTFLOW_COVERAGE
   OR NOT OUTFLOW_SANDBOX)
    add_compile_definitions(OUTFLOW_NO_SANDBOX)
endif()
if(OUTFLOW_SANITIZE)
    add_compile_options(-fsanitize=address,undefined
                        -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g)
    add_link_options(-fsanitize=address,undefined)
endif()
if(OUTFLOW_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined
                        -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g)
    add_link_options(-fsanitize=address,undefined)
endif()
if(OUTFLOW_COVERAGE)
    # A worker leaves by _exit, which forgets what was counted.
    add_compile_definitions(_exit=exit)
    add_compile_options(--coverage -fprofile-update=atomic -O0 -g)
    add_link_options(--coverage)
endif()

# outflow_layer(NAME SOURCES... [LIBS ...]): one static library of a layer,
# linked with util and what LIBS names.
function(outflow_layer name)
    cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
    add_library(outflow_${name} STATIC ${arg_SOURCES})
    target_include_directories(outflow_${name} PUBLIC
        ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/sensor)
    target_link_libraries(outflow_${name} PUBLIC ${arg_LIBS})
    if(NOT name STREQUAL "util")
        target_link_libraries(outflow_${name} PUBLIC outflow_util)
    endif()
endfunction()
