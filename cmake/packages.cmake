# SPDX-License-Identifier: GPL-3.0-or-later
# The libraries of scripts/deps, each as an imported target.
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBCONFIG REQUIRED IMPORTED_TARGET libconfig)
pkg_check_modules(LIBPCAP REQUIRED IMPORTED_TARGET libpcap)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(LZ4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(LZMA REQUIRED IMPORTED_TARGET liblzma)
pkg_check_modules(BROTLI REQUIRED IMPORTED_TARGET libbrotlidec)
pkg_check_modules(NETTLE REQUIRED IMPORTED_TARGET nettle)
pkg_check_modules(GNUTLS REQUIRED IMPORTED_TARGET gnutls)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(POPPLER REQUIRED IMPORTED_TARGET poppler-glib)
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(HYPERSCAN REQUIRED IMPORTED_TARGET libhs)
pkg_check_modules(ISAL IMPORTED_TARGET libisal)
find_library(NIDS_LIBRARY nids REQUIRED)
find_library(BZ2_LIBRARY bz2 REQUIRED)
if(OUTFLOW_TESTS)
    pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
endif()

# Builds of libhs are known that lose matches: ask this one, once.
try_run(OUTFLOW_HYPERSCAN OUTFLOW_HYPERSCAN_BUILT
    SOURCES ${PROJECT_SOURCE_DIR}/cmake/hyperscan.c
            ${PROJECT_SOURCE_DIR}/sensor/detect/expression.c
    CMAKE_FLAGS
        "-DINCLUDE_DIRECTORIES=${PROJECT_SOURCE_DIR}/include\\;${PROJECT_SOURCE_DIR}/sensor\\;${HYPERSCAN_INCLUDE_DIRS}"
    LINK_LIBRARIES ${HYPERSCAN_LINK_LIBRARIES}
    RUN_OUTPUT_VARIABLE hyperscan_said)
if(NOT OUTFLOW_HYPERSCAN_BUILT OR NOT OUTFLOW_HYPERSCAN EQUAL 0)
    unset(OUTFLOW_HYPERSCAN CACHE)
    message(FATAL_ERROR "libhyperscan: ${hyperscan_said}")
endif()
