#include "forecasting/reconcile_tree.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace emptor::forecasting {
namespace {

[[noreturn]] void fail(const std::string& what) { throw InvalidArgument("reconcile: " + what); }

}  // namespace

Tree checked_tree(const Hierarchy& h) {
  if (h.finest == 0) fail("the hierarchy has no finest series");
  if (h.node.size() % h.finest != 0) {
    fail("node has " + std::to_string(h.node.size()) +
         " entries; write one per level and each of " + std::to_string(h.finest) +
         " finest series");
  }
  Tree tree;
  tree.finest = h.finest;
  tree.levels = h.node.size() / h.finest;
  tree.node = h.node;
  std::size_t first = 0;
  for (std::size_t level = 0; level < tree.levels; ++level) {
    const auto row = h.node.subspan(level * h.finest, h.finest);
    const auto [low, high] = std::minmax_element(row.begin(), row.end());
    if (*low < 0 || static_cast<std::size_t>(*low) != first) {
      fail("the nodes of level " + std::to_string(level) + " begin with " + std::to_string(*low) +
           "; number them on from " + std::to_string(first));
    }
    first = static_cast<std::size_t>(*high) + 1;
    tree.leaves.resize(first, 0);
    for (std::int32_t node : row) ++tree.leaves[static_cast<std::size_t>(node)];
  }
  tree.sums = first;
  for (std::size_t i = 0; i < tree.sums; ++i) {
    if (tree.leaves[i] == 0) fail("node " + std::to_string(i) + " sums nothing");
  }
  return tree;
}

void sum_up(const Tree& tree, std::span<double> y) {
  std::fill(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(tree.sums), 0.0);
  for (std::size_t level = 0; level < tree.levels; ++level) {
    for (std::size_t s = 0; s < tree.finest; ++s) y[tree.at(level, s)] += y[tree.sums + s];
  }
}

void sum_up(const Tree& tree, std::span<const std::size_t> parent, std::span<double> y) {
  std::fill(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(tree.sums), 0.0);
  for (std::size_t i = y.size(); i-- > 0;) {  // those below have higher numbers
    if (parent[i] != kNoParent) y[parent[i]] += y[i];
  }
}

std::vector<std::size_t> parents(const Tree& tree, bool may_cross) {
  std::vector<std::size_t> parent(tree.nodes(), kNoParent);
  for (std::size_t level = 1; level <= tree.levels; ++level) {
    for (std::size_t s = 0; s < tree.finest; ++s) {
      std::size_t& above = parent[tree.at(level, s)];
      const std::size_t found = tree.at(level - 1, s);
      if (above != kNoParent && above != found) {
        if (may_cross) return {};
        fail("top_down needs levels that lie within each other: node " +
             std::to_string(tree.at(level, s)) + " is part of nodes " + std::to_string(above) +
             " and " + std::to_string(found));
      }
      above = found;
    }
  }
  return parent;
}

void share_out(const Tree& tree, std::span<const std::size_t> parent, std::span<double> y) {
  std::vector<double> below(tree.nodes(), 0.0), children(tree.nodes(), 0.0);
  for (std::size_t i = 0; i < tree.nodes(); ++i) {
    if (parent[i] == kNoParent) continue;
    below[parent[i]] += y[i];
    children[parent[i]] += 1;
  }
  // Parents have lower numbers, so that they are final before their children are.
  for (std::size_t i = 0; i < tree.nodes(); ++i) {
    if (parent[i] == kNoParent) continue;
    const std::size_t p = parent[i];
    y[i] = std::abs(below[p]) > 0 ? y[p] * (y[i] / below[p]) : y[p] / children[p];
  }
  sum_up(tree, parent, y);
}

NestedChange::NestedChange(const Tree& tree, std::span<const std::size_t> parent)
    : sums_(tree.sums),
      parent_(parent),
      best_(tree.nodes()),
      variance_(tree.nodes()),
      below_(tree.sums),
      below_variance_(tree.sums),
      pull_(tree.sums) {}

bool NestedChange::solve(std::span<const double> y, std::span<const double> variance,
                         std::span<double> x) {
  std::fill(below_.begin(), below_.end(), 0.0);
  std::fill(below_variance_.begin(), below_variance_.end(), 0.0);
  for (std::size_t i = y.size(); i-- > 0;) {  // those below have higher numbers
    best_[i] = y[i];
    variance_[i] = variance[i];
    if (i < sums_) {
      const double v = below_variance_[i];
      const double w = variance[i];
      if (!(v + w > 0)) return false;
      best_[i] = (below_[i] * w + y[i] * v) / (v + w);
      variance_[i] = v * w / (v + w);
    }
    if (parent_[i] == kNoParent) continue;
    below_[parent_[i]] += best_[i];
    below_variance_[parent_[i]] += variance_[i];
  }
  for (std::size_t i = 0; i < y.size(); ++i) {
    const std::size_t p = parent_[i];
    x[i] = best_[i];
    if (p != kNoParent && variance_[i] > 0) {
      x[i] += variance_[i] / below_variance_[p] * (x[p] - below_[p]);
    }
    if (i >= sums_) continue;
    pull_[i] = below_variance_[i] > 0 ? (x[i] - below_[i]) / below_variance_[i]
                                      : pull(i) - (x[i] - y[i]) / variance[i];
  }
  return true;
}

}  // namespace emptor::forecasting
