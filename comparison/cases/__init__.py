"""Cases: single requests made from a contract, random, systematic and tried."""
