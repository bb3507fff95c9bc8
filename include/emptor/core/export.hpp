#pragma once

/// EMPTOR_EXPORT marks what a shared library shows; symbols are hidden otherwise.
#if defined(EMPTOR_SHARED) && defined(_WIN32)
#ifdef EMPTOR_BUILDING
#define EMPTOR_EXPORT __declspec(dllexport)
#else
#define EMPTOR_EXPORT __declspec(dllimport)
#endif
#else
#define EMPTOR_EXPORT __attribute__((visibility("default")))
#endif
