# Signs requests with oauth, and sends them with Net::HTTP; see README.md for what comes in and goes out.
#
#     apt-get install ruby-oauth
#     ruby ruby_oauth.rb

require 'oauth'
require 'oauth/client/net_http'
require 'oauth/signature/plaintext'
require 'oauth/signature/rsa/sha1'
require_relative 'driver'

SCHEMES = { 'header' => 'header', 'query' => 'query_string', 'body' => 'body' }.freeze

Driver.run do |wanted, uri|
  method = wanted['signature_method']
  raise Unsupported, "it does not know #{method}" unless OAuth::Signature.available_methods.key?(method.downcase)

  secret = wanted['private_key'] ? File.read(wanted['private_key']) : wanted['client_secret']
  consumer = OAuth::Consumer.new(wanted['client_key'], secret, site: "http://#{uri.host}:#{uri.port}")
  token = wanted['token'] && OAuth::AccessToken.new(consumer, wanted['token'], wanted['token_secret'])

  request = Driver.unsigned(wanted, uri)
  http = Net::HTTP.new(uri.host, uri.port, nil)
  # It hashes the bodies of POST, PUT and PATCH unless they are forms, whether that was asked for or not.
  request.oauth!(http, consumer, token, signature_method: method, scheme: SCHEMES.fetch(wanted['transport']))
  if wanted['body_hash'] && !request.oauth_helper.options[:body_hash]
    raise Unsupported, 'no oauth_body_hash on such a request'
  end

  request
end
