# SPDX-License-Identifier: GPL-3.0-or-later
#
# install.cmake - what a sensor needs beside the program, put in its places.
#
# It runs when installing, because only then the prefix is known. The files
# are written for /usr; below another prefix the paths in them are changed,
# and settings go to its own etc, as GNU and the FHS want it. Settings that
# are there already stay.
#
# Given: SOURCE (this folder), WORK (for what is changed).
set(prefix "${CMAKE_INSTALL_PREFIX}")
if(prefix MATCHES "^(/usr|/)/?$")
    set(etc /etc)
else()
    set(etc "${prefix}/etc")
endif()
string(REGEX REPLACE "/$" "" prefix "${prefix}")

# place(FOLDER FROM NAME): change a file's paths and install it.
function(place folder from name)
    file(READ "${SOURCE}/${from}" text)
    string(REPLACE "/usr/bin/outflow" "${prefix}/bin/outflow" text "${text}")
    string(REPLACE "/etc/" "${etc}/" text "${text}")
    file(WRITE "${WORK}/${name}" "${text}")
    file(INSTALL DESTINATION "${folder}" TYPE FILE FILES "${WORK}/${name}"
         PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
    file(REMOVE "${WORK}/${name}")
endfunction()

# place_once(...): the same, but what an operator changed stays.
function(place_once folder from name)
    if(EXISTS "$ENV{DESTDIR}${folder}/${name}")
        message(STATUS "Kept: ${folder}/${name}")
    else()
        place("${folder}" "${from}" "${name}")
    endif()
endfunction()

place("${prefix}/lib/systemd/system" outflow.service outflow.service)
place("${prefix}/lib/sysusers.d" outflow.sysusers outflow.conf)
place("${prefix}/lib/tmpfiles.d" outflow.tmpfiles outflow.conf)
place_once("${etc}/logrotate.d" outflow.logrotate outflow)
place_once("${etc}/default" outflow.default outflow)
place_once("${etc}/outflow" outflow.conf outflow.conf)
