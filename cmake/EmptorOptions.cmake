# What a build can be asked for. A plain `cmake -B build` gives the C++ library alone.
include(GNUInstallDirs)

option(BUILD_SHARED_LIBS "Build a shared library instead of a static one" OFF)
option(EMPTOR_TESTS "Build the C++ tests" OFF)
option(EMPTOR_PYTHON "Build the Python extension module" OFF)
option(EMPTOR_BENCHMARKS "Build the C++ benchmarks" OFF)
option(EMPTOR_FUZZ "Build the libFuzzer targets (needs Clang)" OFF)
option(EMPTOR_INSTALL "Install the library, its headers and its CMake package" ${PROJECT_IS_TOP_LEVEL})
option(EMPTOR_WERROR "Treat warnings as errors" OFF)
set(EMPTOR_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=: address,undefined or thread")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(EMPTOR_CCACHE ccache)
if(EMPTOR_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${EMPTOR_CCACHE})
endif()

# Flags of our own code only: they never reach a consumer.
add_library(emptor_flags INTERFACE)
target_compile_options(emptor_flags INTERFACE
  # The same bits whatever the machine offers: no contraction of a*b+c, no fast-math anywhere.
  -ffp-contract=off
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor
  # GCC 12 sees overlapping copies in "text" + std::string where there are none (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  $<$<BOOL:${EMPTOR_WERROR}>:-Werror>)
if(EMPTOR_SANITIZE)
  add_compile_options(-fsanitize=${EMPTOR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${EMPTOR_SANITIZE})
endif()
