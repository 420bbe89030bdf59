# Signs requests with simple_oauth, and sends them with Net::HTTP; see README.md for what comes in and goes out.
#
#     apt-get install ruby-simple-oauth
#     ruby simple_oauth.rb

require 'simple_oauth'
require_relative 'driver'

Driver.run do |wanted, uri|
  raise Unsupported, 'it has no oauth_body_hash' if wanted['body_hash']
  raise Unsupported, 'it makes headers only' unless wanted['transport'] == 'header'

  # It calls the method of its own that has such a name, if there is one.
  method = wanted['signature_method']
  maker = "#{method.downcase.tr('-', '_')}_signature"
  makers = SimpleOAuth::Header.instance_methods + SimpleOAuth::Header.private_instance_methods
  raise Unsupported, "it does not know #{method}" unless makers.include?(maker.to_sym)

  credentials = {
    signature_method: method,
    consumer_key: wanted['client_key'],
    consumer_secret: wanted['private_key'] ? File.read(wanted['private_key']) : wanted['client_secret'],
    token: wanted['token'],
    token_secret: wanted['token_secret']
  }.compact

  request = Driver.unsigned(wanted, uri)
  # Pairs, where its documentation has a hash: all it does with either is `to_a`.
  form = wanted['form'] || []
  begin
    request['Authorization'] = SimpleOAuth::Header.new(wanted['method'], uri, form, credentials).to_s
  rescue ArgumentError => e
    raise Unsupported, e.message
  end
  request
end
