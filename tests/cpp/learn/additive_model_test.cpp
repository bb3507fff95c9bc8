#include "emptor/learn/additive_model.hpp"

#include <gtest/gtest.h>
