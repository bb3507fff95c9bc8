#pragma once

#include "emptor/core/export.hpp"

#include <stdexcept>
#include <string>

namespace emptor {

/// The root of everything emptor throws. A message says which function, which argument or column,
/// which row, what was found and what to write instead.
class EMPTOR_EXPORT Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An argument is wrong: its value, its size, or its combination with another one.
class EMPTOR_EXPORT InvalidArgument : public Error {
 public:
  using Error::Error;
};

/// The data lack what was asked of them: a table, a column, a type, a readable value.
class EMPTOR_EXPORT DataError : public Error {
 public:
  using Error::Error;
};

/// Bytes that should follow a format (CSV, Arrow, a saved model) do not.
class EMPTOR_EXPORT FormatError : public Error {
 public:
  using Error::Error;
};

/// The caller's stop token was set.
class EMPTOR_EXPORT Cancelled : public Error {
 public:
  Cancelled() : Error("the computation was cancelled") {}
};

/// The computation would need more than Context::memory_limit.
class EMPTOR_EXPORT MemoryLimit : public Error {
 public:
  using Error::Error;
};

}  // namespace emptor
