#pragma once

#include "emptor/customers/contact_channels.hpp"

#include <string>
#include <vector>

namespace emptor::bindings {

inline std::vector<data::Channel> channels_of(const std::vector<std::string>& names) {
  std::vector<data::Channel> channels;
  for (const std::string& name : names) channels.push_back(customers::parse_channel(name));
  return channels;
}

inline std::vector<std::string> names_of(const std::vector<data::Channel>& channels) {
  std::vector<std::string> names;
  for (const data::Channel channel : channels)
    names.emplace_back(data::kChannelLabels[static_cast<std::size_t>(channel)]);
  return names;
}

}  // namespace emptor::bindings
