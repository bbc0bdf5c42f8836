package io.mirrorimages.nodes;

import java.util.ArrayList;
import java.util.List;

/**
 * What a system needs so that its nodes pull from the private registry.
 *
 * @param files in the order in which they are best read
 * @param steps what to do, each one line without a number: with the files, and then; commands and
 *     paths that are to be copied stand between backticks
 * @param remarks what to know about choices made, versions and traps, each one line or more
 */
public record NodeConfiguration(List<NodeFile> files, List<String> steps, List<String> remarks) {
  /** Copies the lists. */
  public NodeConfiguration {
    files = List.copyOf(files);
    steps = List.copyOf(steps);
    remarks = List.copyOf(remarks);
  }

  /** The same with another remark. */
  public NodeConfiguration withRemark(String remark) {
    List<String> more = new ArrayList<>(remarks);
    more.add(remark);
    return new NodeConfiguration(files, steps, more);
  }
}
