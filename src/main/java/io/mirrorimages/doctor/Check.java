package io.mirrorimages.doctor;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** One look at one thing. Used once, by one thread. */
interface Check {
  /** What it is about. */
  CheckId subject();

  /** What makes no sense to look at this after, if it failed. */
  Set<CheckId> needs();

  /**
   * Looks; may block as long as the registry's timeouts.
   *
   * @return what was found; nothing where the thing does not exist at this registry
   * @throws IOException that says in one line what is wrong: a failure of what was looked at
   */
  List<CheckResult> look() throws IOException;
}
