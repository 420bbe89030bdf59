# What the drivers in Perl share: lines in, lines out, and LWP; see README.md.
package Driver;

use strict;
use warnings;

use Encode qw(decode_utf8 encode_utf8);
use HTTP::Request;
use JSON::PP;
use LWP::UserAgent;
use URI;

# What `unsupported` dies with: the library cannot do this.
package Driver::Unsupported { }

sub unsupported {
    my ($why) = @_;
    die bless { why => $why =~ s/ at \S+ line \d+.*//sr }, 'Driver::Unsupported';
}

# Answers every line of standard input. The function signs a request, and gives it as an HTTP::Request.
sub run {
    my ($sign) = @_;
    my $json = JSON::PP->new->utf8->canonical;
    $| = 1;
    while (my $line = <STDIN>) {
        my $wanted = { transport => 'header', %{ $json->decode($line) } };
        my $reply  = eval { answer($wanted, $sign) };
        if (my $error = $@) {
            my $cannot = ref $error eq 'Driver::Unsupported';
            $reply = $cannot ? { unsupported => $error->{why} } : { failed => "$error" };
        }
        print $json->encode({ id => $wanted->{id}, %$reply }), "\n";
    }
}

sub answer {
    my ($wanted, $sign) = @_;
    my $request = $sign->($wanted);
    if ($wanted->{send}) {
        my $response = LWP::UserAgent->new(timeout => 20)->request($request);
        # LWP makes up an answer where it got none.
        die $response->content if ($response->header('Client-Warning') // '') eq 'Internal response';
        return { status => 0 + $response->code, body => decode_utf8($response->content) };
    }
    my %headers = map { $_ => q{} . $request->header($_) } $request->header_field_names;
    my $body    = length $request->content ? decode_utf8($request->content) : undef;
    return { method => $request->method, url => $request->uri->as_string, headers => \%headers, body => $body };
}

# Pairs as they are in a query or a form, in URI's way: a space is `+`.
sub urlencoded {
    my ($pairs) = @_;
    my $uri = URI->new('', 'http');
    $uri->query_form([ map { encode_utf8($_) } map { @$_ } @$pairs ]);
    return $uri->query;
}

sub url_with_query {
    my ($wanted) = @_;
    my ($url, $query) = @$wanted{qw(url query)};
    return $url unless @$query;
    return $url . ($url =~ /\?/ ? '&' : '?') . urlencoded($query);
}

# A request with its body, and nothing signed yet.
sub unsigned {
    my ($wanted) = @_;
    my $request = HTTP::Request->new($wanted->{method}, url_with_query($wanted));
    if ($wanted->{form}) {
        $request->content_type('application/x-www-form-urlencoded');
        $request->content(urlencoded($wanted->{form}) // '');
    }
    elsif (defined $wanted->{json}) {
        $request->content_type('application/json');
        $request->content(encode_utf8($wanted->{json}));
    }
    $request->content_length(length $request->content) if length $request->content;
    return $request;
}

# The text of a file.
sub slurp {
    my ($path) = @_;
    open my $file, '<', $path or die "$path: $!";
    local $/;
    return scalar <$file>;
}

1;
