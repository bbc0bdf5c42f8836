package io.mirrorimages.mirror.engine;

import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.port.ImageTarget;
import java.io.IOException;

/** What the caller of {@link Mirror#copy} does before each step. */
public interface Preparation {
  /**
   * Checks whether a source registry can be used; called once for each, from several threads,
   * before its images are planned.
   *
   * @param registry {@code host[:port]}, as in image names; empty for a source on this machine
   * @throws IOException why all its images fail
   */
  void check(String registry) throws IOException;

  /**
   * Makes ready what images need at the target, and gives it; called once, when a registry can be
   * used.
   *
   * @throws IOException why nothing can be copied
   */
  ImageTarget target() throws IOException;

  /**
   * Receives the plan before the first byte is copied; several times if registries are away, each
   * time with further images.
   *
   * @throws IOException why these images can't be copied, nor those that are not planned yet
   */
  void planned(Plan part) throws IOException;
}
