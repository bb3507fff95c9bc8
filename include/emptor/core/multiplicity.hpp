#pragma once

#include "emptor/core/export.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor {

/// Adjusted p-values of Benjamini and Hochberg (1995) over `n_tests` hypotheses, of which only
/// `p` are given: the others are taken to have p-values of 1. NaN stays NaN and is not counted in
/// `p`. n_tests = 0 means p.size() without NaN. @throws InvalidArgument if n_tests < that size.
EMPTOR_EXPORT std::vector<double> benjamini_hochberg(std::span<const double> p,
                                                     std::int64_t n_tests = 0);

/// Adjusted p-values of Holm (1979), family-wise; arguments as above.
EMPTOR_EXPORT std::vector<double> holm(std::span<const double> p, std::int64_t n_tests = 0);

/// How many of the smallest local false-discovery rates can be listed so that their mean, the
/// expected false share of the list, is at most `level` (Efron 2010; Mueller et al. 2004).
EMPTOR_EXPORT std::int64_t bayesian_fdr(std::span<const double> local_fdr, double level);

}  // namespace emptor
