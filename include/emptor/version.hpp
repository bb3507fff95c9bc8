#pragma once

/// The version of the library. This file is the only place that states it: CMake, the Python
/// package and the deprecation checks read it from here.
#define EMPTOR_VERSION_MAJOR 0
#define EMPTOR_VERSION_MINOR 1
#define EMPTOR_VERSION_PATCH 0
#define EMPTOR_VERSION "0.1.0"
