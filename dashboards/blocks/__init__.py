"""What pages are built of besides figures: small pieces of HTML, one file per piece, each a function to markup."""
