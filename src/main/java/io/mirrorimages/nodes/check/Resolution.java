package io.mirrorimages.nodes.check;

import io.mirrorimages.image.Reference;
import java.util.List;

/**
 * Where a reader asks for an image.
 *
 * @param reader the label of the reader
 * @param image the image as it is called on the node
 * @param attempts in their order; the reader moves on to the next after any error. Empty if nothing
 *     is asked at all
 */
public record Resolution(String reader, Reference image, List<NodeAttempt> attempts) {
  /** Copies the list. */
  public Resolution {
    attempts = List.copyOf(attempts);
  }
}
