package io.mirrorimages.state;

/**
 * An upload that a registry has part of.
 *
 * @param location the address where it goes on, as the registry gave it; it may hold a signed
 *     state, so it is not for messages
 * @param offset how many bytes the registry has confirmed, more than 0
 * @param leastChunk the fewest bytes that each further request may carry, but for the last; 0 if
 *     any will do
 */
public record OpenUpload(String location, long offset, long leastChunk) {

  /** Without the location, which may be a secret. */
  @Override
  public String toString() {
    return "an upload of " + offset + " bytes so far";
  }
}
