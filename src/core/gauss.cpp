#include "core/gauss.hpp"

#include "emptor/core/error.hpp"

#include <boost/math/quadrature/gauss.hpp>

#include <cstddef>
#include <string>

namespace emptor::core {
namespace {

template <unsigned N>
QuadratureRule rule_of() {
  using Gauss = boost::math::quadrature::gauss<double, N>;
  QuadratureRule rule;
  const auto add = [&](double x, double w) {
    rule.node.push_back(0.5 * (1 + x));
    rule.weight.push_back(0.5 * w);
  };
  for (std::size_t i = Gauss::abscissa().size(); i-- > 0;)
    add(-Gauss::abscissa()[i], Gauss::weights()[i]);
  for (std::size_t i = 0; i < Gauss::abscissa().size(); ++i)
    add(Gauss::abscissa()[i], Gauss::weights()[i]);
  return rule;
}

}  // namespace

const QuadratureRule& gauss_legendre(int nodes) {
  static const QuadratureRule ten = rule_of<10>(), twenty = rule_of<20>(), thirty = rule_of<30>();
  switch (nodes) {
    case 10:
      return ten;
    case 20:
      return twenty;
    case 30:
      return thirty;
    default:
      throw InvalidArgument("gauss_legendre: nodes must be 10, 20 or 30, got " +
                            std::to_string(nodes));
  }
}

}  // namespace emptor::core
