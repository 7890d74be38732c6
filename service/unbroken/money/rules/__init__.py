"""What money means, without a database: amounts, periods, cover by month; pure."""
