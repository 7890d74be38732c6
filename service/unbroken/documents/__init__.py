"""Documents that go out: certificates, and exports of the trail that prove them."""
