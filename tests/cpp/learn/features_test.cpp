#include "emptor/learn/features.hpp"

#include <gtest/gtest.h>
