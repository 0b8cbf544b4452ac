#!/usr/bin/perl
# A small fee system in Perl that patron-fees can compare: JSON lines on standard input and output.
# It has two defects, as real systems had them. BUGS= in the environment removes them, BUGS=disputed leaves one.
use strict;
use warnings;
use JSON::PP;

my %bug = map { $_ => 1 } split /,/, $ENV{BUGS} // 'disputed,overpaid';
my ( %owed, %disputed, %answer );
$| = 1;

sub cents { return $_[0] =~ s/\.//r + 0 }
sub dollars { return sprintf '%d.%02d', int( $_[0] / 100 ), $_[0] % 100 }
sub accepted { return ( accepted => JSON::PP::true ) }
sub refused { return ( accepted => JSON::PP::false, reason => $_[0] ) }

my %does = (
    assess => sub {
        $owed{ $_[0]{id} } = cents( $_[0]{amount} );
        return accepted();
    },
    pay => sub {
        my ( $id, $amount ) = ( $_[0]{feeIds}[0], cents( $_[0]{amount} ) );
        return refused('the fee is disputed') if $disputed{$id} && !$bug{disputed};
        return refused('more than is owed') if $amount > $owed{$id} && !$bug{overpaid};
        $owed{$id} = $amount > $owed{$id} ? 0 : $owed{$id} - $amount;
        return accepted();
    },
    dispute => sub {
        my $id = $_[0]{feeId};
        return refused('nothing to dispute') if !$owed{$id} || $disputed{$id};
        $disputed{$id} = 1;
        return accepted();
    },
    restore => sub {
        return delete $disputed{ $_[0]{feeId} } ? accepted() : refused('not disputed');
    },
);

while ( my $line = <STDIN> ) {
    my $message = decode_json($line);
    my ( $name, $request ) = @{$message}{qw(do request)};
    my %reply = ( id => $message->{id} );
    if ( $name eq 'describe' ) {
        %reply = ( %reply, protocol => 1, name => 'fees.pl', capabilities => [qw(dispute repeats)] );
    }
    elsif ( $name eq 'reset' ) {
        %owed = %disputed = %answer = ();
        $reply{ok} = JSON::PP::true;
    }
    elsif ( $name eq 'balances' ) {
        $reply{balances} = { fees => [ map { { feeId => $_, owed => dollars( $owed{$_} ) } } sort keys %owed ] };
    }
    else {
        $answer{ $request->{id} } //= [ $does{$name}->($request) ];
        %reply = ( %reply, @{ $answer{ $request->{id} } } );
    }
    print encode_json( \%reply ), "\n";
}
