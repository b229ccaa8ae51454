"""The daemon as an extension of a function, beside a fake Runtime API and a fake AWS."""
