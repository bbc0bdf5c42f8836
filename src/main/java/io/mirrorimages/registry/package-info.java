/**
 * The client side of the OCI distribution protocol (distribution-spec 1.1): transport, redirects,
 * authentication, pull and push, one {@link io.mirrorimages.registry.Registries} for each side of a
 * run. Hosts, headers and bodies of servers are claims here; what counts is hashed, and credentials
 * go only where they belong.
 */
package io.mirrorimages.registry;
