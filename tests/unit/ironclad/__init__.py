"""The Ironclad client, with fakes that behave in place of the network."""
