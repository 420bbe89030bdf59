# Signs requests with WWW::OAuth, and sends them with LWP; see README.md for what comes in and goes out.
#
#     apt-get install libwww-oauth-perl libwww-perl libcrypt-openssl-rsa-perl
#     perl www_oauth.pl

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Crypt::OpenSSL::RSA;
use Driver;
use WWW::OAuth;

Driver::run(sub {
    my ($wanted) = @_;
    Driver::unsupported('it has no oauth_body_hash') if $wanted->{body_hash};
    Driver::unsupported('it makes headers only')     if $wanted->{transport} ne 'header';

    my %more;
    # An object of this class, as its documentation has it.
    $more{signer} = Crypt::OpenSSL::RSA->new_private_key(Driver::slurp($wanted->{private_key}))
        if $wanted->{private_key};
    @more{qw(token token_secret)} = @$wanted{qw(token token_secret)} if defined $wanted->{token};

    my $oauth = WWW::OAuth->new(
        client_id        => $wanted->{client_key},
        client_secret    => $wanted->{client_secret},
        signature_method => $wanted->{signature_method},
        %more,
    );
    my $request = Driver::unsigned($wanted);
    eval { $oauth->authenticate($request); 1 } or Driver::unsupported($@);
    return $request;
});
