#pragma once

#include "mining/basket_blend.hpp"
#include "mining/basket_models.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace emptor::mining::basket {

/// How good a list is against what was bought; NaN where nothing of the kind was.
struct Quality {
  double recall, ndcg, hit;
};
/// `list` best first, at most k of it; `target` ascending items that count. NDCG has gain 1 for
/// every item bought, discount 1 / log2(1 + rank), and the best order of min(k, target) as ideal.
Quality quality(std::span<const Candidate> list, std::span<const std::int32_t> target,
                std::size_t k);

/// An item that was listed for a customer, and whether he then bought it.
struct Listed {
  std::int32_t customer;
  double score;
  std::uint8_t hit;
};

/// From scores to probabilities: bins of scores, best first.
struct Calibration {
  struct Bin {
    double from;  ///< lowest score of the bin
    double p, low, high;
    std::int64_t n;
    Status status;
  };
  std::vector<Bin> repeat{}, new_item{};
  /// The bin of a score; null without any.
  [[nodiscard]] const Bin* of(const Candidate& candidate) const noexcept;
};

/// What a score is.
enum class Scores : std::uint8_t { any, probabilities };

/// Bins of about equal size, at least 100 rows and no score in two of them; neighbours that are not
/// falling are pooled. A bin's probability is (hits + 10 m) / (n + 10), m the share over all bins;
/// its interval is Wilson's on n over the design effect of customers. Empty under 30 customers.
/// Where scores are probabilities already, m is the mean score of the bin.
std::vector<Calibration::Bin> calibrate(std::vector<Listed> rows, double level,
                                        Scores scores = Scores::any);

/// What earlier purchases say about which model to use, and how sure its items are.
struct Learned {
  Model model = Model::gp_topfreq;
  std::optional<Blend> blend{};
  Calibration calibration{};
  Day calibrated_on = data::kNoDay;
  std::int64_t n_customers = 0;  ///< whose next purchase after that moment is known
};
/// Looks at moments inside of what is `known` only.
Learned learn(const Shop& shop, const Moment& known, const NextBasketOptions& options,
              const Context& context);

}  // namespace emptor::mining::basket
