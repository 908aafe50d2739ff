# SPDX-License-Identifier: Apache-2.0
# Language level, warnings and sanitizers for every target of the project.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(STILLROOM_TESTS "Build the unit tests" ON)
option(STILLROOM_FUZZ "Build the libFuzzer targets (clang only)" OFF)
set(STILLROOM_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")
set(STILLROOM_WEB_DIST "${CMAKE_SOURCE_DIR}/web/room/dist" CACHE PATH "Built web room to embed")

find_program(STILLROOM_CCACHE ccache)
if(STILLROOM_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${STILLROOM_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${STILLROOM_CCACHE}")
endif()
find_program(STILLROOM_LLD ld.lld)
if(STILLROOM_LLD)
  add_link_options(-fuse-ld=lld)
endif()

add_library(stillroom_options INTERFACE)
add_library(stillroom::options ALIAS stillroom_options)
target_compile_options(stillroom_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align
  -Wconversion -Wsign-conversion -Wimplicit-fallthrough -Wformat=2 -Wnull-dereference
  -fno-omit-frame-pointer -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports null dereferences and dangling inside its own headers once inlined.
  target_compile_options(stillroom_options INTERFACE -Wno-null-dereference)
endif()
target_compile_definitions(stillroom_options INTERFACE
  BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT STILLROOM_SANITIZE)
  target_compile_definitions(stillroom_options INTERFACE _FORTIFY_SOURCE=2)
endif()
if(STILLROOM_SANITIZE)
  add_compile_options(-fsanitize=${STILLROOM_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${STILLROOM_SANITIZE})
endif()
if(STILLROOM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
