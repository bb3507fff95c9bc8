#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// Without blanks (ASCII and no-break) at both ends.
std::string_view trim(std::string_view text) noexcept;

/// Lower case with everything but letters and digits removed: "Customer_ID" and "customer id" are
/// both "customerid". Bytes beyond ASCII stay.
std::string normalised(std::string_view name);

/// Lower-case words of letters or digits: "Gift Voucher £20.00" is {gift, voucher, 20, 00}.
std::vector<std::string> words(std::string_view text);

/// In quotes, cut to 40 characters (never inside a UTF-8 sequence), control characters as spaces.
std::string in_quotes(std::string_view found);

/// Edits (insert, delete, replace, swap of neighbours) between two normalised names.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The name of `names` that `wanted` was probably meant to be, or "".
std::string nearest(std::string_view wanted, std::span<const std::string> names);

/// "a", "b" and "c"; at most `most` names, then "and 5 more".
std::string listed(std::span<const std::string> names, std::size_t most = 12);

/// 1234567 as "1,234,567".
std::string grouped(long long number);

}  // namespace emptor::data
