package posthaste.service;

/**
 * This process.
 *
 * @param name as it stands in events and logs
 */
public record Instance(String name) {}
