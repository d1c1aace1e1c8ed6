"""How far the OpenAPI document that a stack publishes is from the contract."""
