package io.mirrorimages.nodes;

import io.mirrorimages.failure.TransferException;

/** A kind of system that pulls images. Implementations are immutable. */
public interface NodeSystem {
  /** As it is given on the command line: lower-case letters, digits and hyphens. */
  String name();

  /** As people call it, for example {@code K3s}. */
  String title();

  /** Whether it reaches a registry that is given by its IPv6 address, as {@code [::1]:5000}. */
  default boolean takesIpv6Address() {
    return false;
  }

  /** Whether the certificate authority's file is read on the nodes, and not where people work. */
  default boolean readsCaFileOnNodes() {
    return true;
  }

  /**
   * What a node needs.
   *
   * @throws TransferException {@link io.mirrorimages.failure.FailureKind#OPTION} if the system
   *     can't be set up so; the message says what to change
   */
  NodeConfiguration configure(NodeSetup setup) throws TransferException;
}
