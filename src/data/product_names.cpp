#include "data/product_names.hpp"

#include "core/parallel.hpp"
#include "data/words.hpp"

#include <algorithm>

namespace emptor::data {

Rows<std::int32_t> most_frequent_names(std::span<const std::int32_t> product,
                                       std::span<const std::int32_t> description,
                                       std::int32_t products, std::vector<NameVariants>& variants,
                                       const Context& context) {
  const auto n = static_cast<std::size_t>(products);
  Rows<std::int32_t> name(n, -1);
  std::vector<std::size_t> begin(n + 1, 0);
  for (std::size_t i = 0; i < product.size(); ++i) {
    if (product[i] >= 0 && description[i] >= 0) begin[static_cast<std::size_t>(product[i]) + 1]++;
  }
  for (std::size_t p = 0; p < n; ++p) begin[p + 1] += begin[p];
  Rows<std::int32_t> grouped(begin[n]);
  std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
  for (std::size_t i = 0; i < product.size(); ++i) {
    if (product[i] >= 0 && description[i] >= 0) {
      grouped[next[static_cast<std::size_t>(product[i])]++] = description[i];
    }
  }
  constexpr std::size_t kProducts = 1024;
  for (const auto& part : core::parallel_map<std::vector<NameVariants>>(
           context, n, kProducts, [&](std::size_t first, std::size_t last) {
             std::vector<NameVariants> out;
             for (std::size_t p = first; p < last; ++p) {
               const std::span<std::int32_t> own(grouped.data() + begin[p],
                                                 begin[p + 1] - begin[p]);
               if (own.empty()) continue;
               std::sort(own.begin(), own.end());
               NameVariants found;
               found.product = static_cast<std::int32_t>(p);
               for (std::size_t at = 0; at < own.size();) {
                 std::size_t stop = at;
                 while (stop < own.size() && own[stop] == own[at]) ++stop;
                 const auto count = static_cast<std::int64_t>(stop - at);
                 found.descriptions += 1;
                 if (count > found.n_most) {
                   found.second = found.most;
                   found.n_second = found.n_most;
                   found.most = own[at];
                   found.n_most = count;
                 } else if (count > found.n_second) {
                   found.second = own[at];
                   found.n_second = count;
                 }
                 at = stop;
               }
               name[p] = found.most;
               if (found.descriptions > 1) out.push_back(found);
             }
             return out;
           })) {
    variants.insert(variants.end(), part.begin(), part.end());
  }
  return name;
}

std::string variant_examples(std::vector<NameVariants> variants, const Dictionary& products,
                             const Dictionary& descriptions) {
  std::stable_sort(
      variants.begin(), variants.end(),
      [](const NameVariants& a, const NameVariants& b) { return a.n_second > b.n_second; });
  if (variants.size() > 5) variants.resize(5);
  const auto told = [&](std::int32_t description, std::int64_t n) {
    return in_quotes(descriptions.to_string(description)) + " (" + grouped(n) + ")";
  };
  std::string out;
  for (const NameVariants& one : variants) {
    out += (out.empty() ? "" : "; ") + products.to_string(one.product) + ": " +
           told(one.most, one.n_most) + ", " + told(one.second, one.n_second);
  }
  return out;
}

}  // namespace emptor::data
