"""Every request the client can make, held against Ironclad's own OpenAPI files."""
