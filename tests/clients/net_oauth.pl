# Signs requests with Net::OAuth, and sends them with LWP; see README.md for what comes in and goes out.
#
#     apt-get install libnet-oauth-perl libwww-perl libcrypt-openssl-rsa-perl
#     perl net_oauth.pl

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Crypt::OpenSSL::RSA;
use Driver;
use Net::OAuth;

# All parameters go to it in one hash, as its documentation has it, but for those in the URL already.
sub extra_params {
    my ($wanted) = @_;
    my %extra;
    for my $pair (@{ $wanted->{query} }, @{ $wanted->{form} // [] }) {
        my ($name, $value) = @$pair;
        Driver::unsupported('its hash of parameters has each name once') if exists $extra{$name};
        $extra{$name} = $value;
    }
    return \%extra;
}

sub message {
    my ($wanted) = @_;
    Driver::unsupported('it has no oauth_body_hash') if $wanted->{body_hash};

    my %more = (extra_params => extra_params($wanted));
    $more{signature_key} = Crypt::OpenSSL::RSA->new_private_key(Driver::slurp($wanted->{private_key}))
        if $wanted->{private_key};
    @more{qw(token token_secret)} = @$wanted{qw(token token_secret)} if defined $wanted->{token};

    my $message = eval {
        my $message = Net::OAuth->request(defined $wanted->{token} ? 'protected resource' : 'consumer')->new(
            consumer_key     => $wanted->{client_key},
            consumer_secret  => $wanted->{client_secret},
            request_method   => $wanted->{method},
            request_url      => $wanted->{url},
            signature_method => $wanted->{signature_method},
            timestamp        => time,
            nonce            => join('', map { sprintf '%04x', int rand 0x10000 } 1 .. 6),
            %more,
        );
        $message->sign;
        $message;
    };
    return $message // Driver::unsupported($@);
}

Driver::run(sub {
    my ($wanted) = @_;
    my $message  = message($wanted);
    my $request  = Driver::unsigned($wanted);
    if ($wanted->{transport} eq 'header') {
        $request->header(Authorization => $message->to_authorization_header);
    }
    elsif ($wanted->{transport} eq 'query') {
        Driver::unsupported('to_url puts the form into the query') if $wanted->{form};
        $request->uri($message->to_url);
    }
    else {
        Driver::unsupported('to_post_body puts the query into the form') if @{ $wanted->{query} };
        Driver::unsupported('no parameters in a body of JSON')           if defined $wanted->{json};
        $request->content_type('application/x-www-form-urlencoded');
        $request->content($message->to_post_body);
        $request->content_length(length $request->content);
    }
    return $request;
});
