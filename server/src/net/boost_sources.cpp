// SPDX-License-Identifier: Apache-2.0
// Boost.Asio and Boost.Beast are compiled here once instead of in every file that names them.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
