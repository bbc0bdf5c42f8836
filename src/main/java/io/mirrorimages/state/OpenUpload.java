package io.mirrorimages.state;

/**
 * An upload that a registry has part of.
 *
 * @param location the address where it goes on, as the registry gave it; it may hold a signed
 *     state, so it is not for messages
 * @param offset how many bytes the registry has confirmed, more than 0
 * @param chunk how many bytes each further request carries, but for the last; more than 0
 */
public record OpenUpload(String location, long offset, long chunk) {

  /** Without the location, which may be a secret. */
  @Override
  public String toString() {
    return "an upload of " + offset + " bytes so far";
  }
}
