#include "emptor/core/error.hpp"
#include "emptor/mining/next_basket.hpp"

#include <array>
#include <string>

namespace emptor::mining {
namespace {

constexpr std::array<std::string_view, 9> kModels{"auto",      "gp_topfreq",  "p_topfreq",
                                                  "g_topfreq", "up_cf",       "tifu_knn",
                                                  "item_knn",  "timed_rules", "blend"};
constexpr std::array<std::string_view, 3> kParts{"both", "repeat", "new"};

template <typename Enum>
Enum parse(std::string_view text, std::span<const std::string_view> labels, const char* name) {
  std::string all;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == text) return static_cast<Enum>(i);
    all += (i == 0                   ? "\""
            : i + 1 == labels.size() ? " or \""
                                     : ", \"") +
           std::string(labels[i]) + "\"";
  }
  throw InvalidArgument(std::string(name) + ": '" + std::string(text.substr(0, 40)) +
                        "' is not known; write " + all);
}

}  // namespace

std::span<const std::string_view> next_basket_model_labels() noexcept { return kModels; }
std::span<const std::string_view> repeat_part_labels() noexcept { return kParts; }

NextBasketModel parse_next_basket_model(std::string_view text) {
  return parse<NextBasketModel>(text, kModels, "model");
}

RepeatPart parse_repeat_part(std::string_view text) {
  return parse<RepeatPart>(text, kParts, "repeat");
}

std::span<const std::string_view> basket_reason_labels() noexcept {
  static constexpr std::array<std::string_view, 6> labels{"rhythm",    "again", "alike",
                                                          "alongside", "timed", "popular"};
  return labels;
}

std::vector<Column> NextBasket::columns() const {
  std::vector<Column> all;
  const auto hidden = [&](Column column) { all.push_back(column.hidden()); };
  if (customers) {
    all.emplace_back("customer", customer, *customers, "id");
  }
  if (!customer_name.empty()) all.emplace_back("customer_name", customer_name, "name");
  all.emplace_back("rank", rank, "1 is the likeliest");
  if (items) {
    hidden({"item", item, *items, "id"});
    all.emplace_back("item_name", item_name, "what people read");
  }
  all.emplace_back("probability", probability, "that the next purchase has it, if there is one");
  all.emplace_back("probability_low", probability_low, "its lower limit");
  all.emplace_back("probability_high", probability_high, "its upper limit");
  hidden({"n", n, "customers and items the probability rests on"});
  hidden({"status", status, status_labels(), "what stands behind the probability"});
  if (horizon) {
    all.emplace_back("p_within", p_within, "that it is bought within the horizon");
    all.emplace_back("p_within_low", p_within_low, "its lower limit");
    all.emplace_back("p_within_high", p_within_high, "its upper limit");
    hidden({"p_within_n", p_within_n, "customers and items p_within rests on"});
    hidden({"p_within_status", p_within_status, status_labels(), "what stands behind p_within"});
  }
  all.emplace_back("repeat", repeat, "whether the customer bought it before");
  all.push_back(Column::dates("last_bought", last_bought, "the last day with it"));
  all.emplace_back("usual_days", usual_days,
                   "mean days between his purchases of it, from three purchases on");
  hidden({"days_since", days_since, "days from last_bought to the moment"});
  hidden({"times_bought", times_bought, "purchases of the customer with it"});
  hidden({"visits", visits, "purchases of the customer"});
  hidden({"reason_code", reason_code, basket_reason_labels(), "why it is listed"});
  if (items) {
    hidden({"reason_item", reason_item, *items, "the item the reason speaks of: id"});
    hidden({"reason_item_name", reason_item_name, "the item the reason speaks of"});
  }
  hidden({"reason_share", reason_share, "share of those the reason speaks of"});
  hidden({"reason_n", reason_n, "how many it speaks of"});
  hidden({"score", score, "of the model; orders the items of a customer"});
  return all;
}

std::vector<Scalar> NextBasket::info() const {
  std::vector<Scalar> all{
      {"model", std::string(kModels[static_cast<std::size_t>(model)]), "how items were ranked"},
      {"n_customers", n_customers, "customers with purchases"},
      {"n_visits", n_visits, "their purchases: distinct days"},
      {"n_purchases", n_purchases, "distinct customer, day and item"},
      {"calibrated_on",
       calibrated_on == data::kNoDay ? std::string() : data::iso_date(calibrated_on),
       "the earlier moment the probabilities were learnt at"},
      {"n_calibration", n_calibration, "customers whose next purchase after it is known"},
      {"window", data::to_string(window), "of timed_rules"},
  };
  if (horizon) {
    all.push_back({"horizon", data::to_string(*horizon), "of p_within: days after the moment"});
    all.push_back({"horizon_calibrated_on",
                   horizon_calibrated_on == data::kNoDay ? std::string()
                                                         : data::iso_date(horizon_calibrated_on),
                   "the earlier moment p_within was learnt at"});
    all.push_back({"n_horizon_calibration", n_horizon_calibration, "customers known then"});
  }
  if (items) {
    all.push_back({"item", item_level, "level of the items"});
    all.push_back({"coverage", coverage.share(), "share of net revenue the result rests on"});
    all.push_back({"coverage_lines", coverage.lines_used, "order lines it rests on"});
  }
  return all;
}

}  // namespace emptor::mining
