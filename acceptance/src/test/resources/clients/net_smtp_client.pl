# Sends a file by Net::SMTP: HOST PORT TRANSPORT CERTIFICATE USER PASSWORD FROM FILE RECIPIENT...
use strict;
use warnings;
use Net::SMTP;

my ($host, $port, $transport, $certificate, $user, $password, $from, $file, @recipients) = @ARGV;
my %tls = (SSL_ca_file => $certificate, SSL_verify_mode => 1);
my $smtp = Net::SMTP->new($host, Port => $port, Timeout => 60, $transport eq 'IMPLICIT' ? (SSL => 1, %tls) : ())
    or die "no connection: $@";
if ($transport eq 'STARTTLS') {
    $smtp->starttls(%tls) or die 'no TLS: ' . $smtp->message;
}
if ($user) {
    $smtp->auth($user, $password) or die 'no login: ' . $smtp->message;
}
$smtp->mail($from, Bits => '8') or die 'no sender: ' . $smtp->message;
$smtp->to(@recipients) or die 'no recipients: ' . $smtp->message;
$smtp->data or die 'no data: ' . $smtp->message;
open(my $in, '<:raw', $file) or die $!;
while (read($in, my $block, 65536)) {
    $smtp->datasend($block) or die 'no message';
}
$smtp->dataend or die 'not accepted: ' . $smtp->message;
$smtp->quit;
