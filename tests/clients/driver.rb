# What the drivers in Ruby share: lines in, lines out, and Net::HTTP; see README.md.

require 'json'
require 'net/http'
require 'uri'

# The library cannot do this.
class Unsupported < StandardError; end

module Driver
  DEFAULTS = { 'transport' => 'header' }.freeze
  FORM = 'application/x-www-form-urlencoded'

  # Answers every line of standard input. The block signs a request, and gives it as a `Net::HTTPRequest`.
  def self.run(&sign)
    $stdout.sync = true
    Encoding.default_external = Encoding::UTF_8 # whatever the locale
    $stdin.set_encoding(Encoding::UTF_8)
    $stdin.each_line("\n") do |line|
      wanted = DEFAULTS.merge(JSON.parse(line))
      puts JSON.generate({ id: wanted['id'] }.merge(answer(wanted, sign)))
    end
  end

  def self.answer(wanted, sign)
    uri = url_with_query(wanted)
    request = sign.call(wanted, uri)
    wanted['send'] ? response(uri, request) : signed(uri, request)
  rescue Unsupported => e
    { unsupported: e.message }
  rescue StandardError => e
    { failed: e.full_message(highlight: false) }
  end

  def self.url_with_query(wanted)
    uri = URI.parse(wanted['url'])
    added = URI.encode_www_form(wanted['query'])
    uri.query = [uri.query, added].compact.join('&') unless added.empty?
    uri
  rescue URI::InvalidURIError => e
    raise Unsupported, e.message
  end

  # A request with its body, and nothing signed yet.
  def self.unsigned(wanted, uri)
    name = wanted['method'].capitalize
    raise Unsupported, "Net::HTTP has no #{wanted['method']}" unless Net::HTTP.const_defined?(name)

    request = Net::HTTP.const_get(name).new(uri)
    if wanted['form']
      request.set_form_data(wanted['form'])
    elsif wanted['json']
      request.content_type = 'application/json'
      request.body = wanted['json']
    end
    request
  end

  def self.response(uri, request)
    http = Net::HTTP.new(uri.host, uri.port, nil)
    http.max_retries = 0
    response = http.request(request)
    { status: response.code.to_i, body: response.body.to_s.dup.force_encoding('UTF-8').scrub }
  end

  def self.signed(uri, request)
    url = "http://#{uri.host}:#{uri.port}#{request.path}"
    { method: request.method, url: url, headers: request.each_capitalized.to_h, body: request.body }
  end
end
