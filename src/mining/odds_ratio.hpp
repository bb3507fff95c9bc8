#pragma once

#include "emptor/mining/measures.hpp"

namespace emptor::mining {

/// odds_ratio_interval() without its checks, for z = normal_half_width(level).
Interval odds_ratio_interval_at(double n11, double n10, double n01, double n00,
                                OddsRatioInterval method, double level, double z);

}  // namespace emptor::mining
