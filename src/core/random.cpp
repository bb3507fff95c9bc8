#include "core/random.hpp"

#include "core/special.hpp"

#include <cmath>

namespace emptor::core {

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key) noexcept {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

std::uint64_t Random::bits() noexcept {
  if (used_ == 4) {
    block_ =
        philox({static_cast<std::uint32_t>(index_), static_cast<std::uint32_t>(index_ >> 32),
                static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)},
               {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)});
    ++index_;
    used_ = 0;
  }
  const auto at = static_cast<std::size_t>(used_);
  used_ += 2;
  return block_[at] | (std::uint64_t{block_[at + 1]} << 32);
}

double Random::uniform() noexcept {
  // 52 bits and a half: exact in a double, and neither 0 nor 1.
  return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52;
}

double Random::normal() noexcept { return normal_quantile(uniform()); }

double Random::exponential() noexcept { return -std::log(uniform()); }

// Marsaglia and Tsang (2000); shapes under 1 by their boosting identity.
double Random::gamma(double shape) noexcept {
  if (shape < 1) return gamma(shape + 1) * std::pow(uniform(), 1 / shape);
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double z = normal();
    const double root = 1 + c * z;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(uniform()) < 0.5 * z * z + d * (1 - v + std::log(v))) return d * v;
  }
}

std::int64_t Random::poisson(double mean) noexcept {
  if (!(mean > 0)) return 0;
  if (mean < 10) {
    // Inversion: walk up the distribution function.
    const double u = uniform();
    double term = std::exp(-mean);
    double sum = term;
    std::int64_t k = 0;
    while (u > sum && term > 0) {
      ++k;
      term *= mean / static_cast<double>(k);
      sum += term;
    }
    return k;
  }
  // Hoermann's transformed rejection PTRS (1993).
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double v_r = 0.9277 - 3.6224 / (b - 2);
  const double log_mean = std::log(mean);
  for (;;) {
    const double u = uniform() - 0.5;
    const double v = uniform();
    const double us = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_r) return static_cast<std::int64_t>(k);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <=
        k * log_mean - mean - log_gamma(k + 1)) {
      return static_cast<std::int64_t>(k);
    }
  }
}

std::uint64_t Random::below(std::uint64_t n) noexcept {
  // The lowest 2^64 mod n values are rejected, so that every remainder is equally likely.
  const std::uint64_t reject = (0 - n) % n;
  std::uint64_t value = bits();
  while (value < reject) value = bits();
  return value % n;
}

std::uint64_t hash_integer(std::uint64_t value) noexcept {
  value += 0x9E3779B97F4A7C15;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
  return value ^ (value >> 31);
}

// FNV-1a reads bytes one by one, so byte order does not matter; the finaliser spreads short texts.
std::uint64_t hash_bytes(const void* data, std::size_t size) noexcept {
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::uint64_t hash = 0xCBF29CE484222325;
  for (std::size_t i = 0; i < size; ++i) hash = (hash ^ bytes[i]) * 0x100000001B3;
  return hash_integer(hash);
}

}  // namespace emptor::core
