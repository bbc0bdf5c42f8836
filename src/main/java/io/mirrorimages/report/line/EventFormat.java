package io.mirrorimages.report.line;

import io.mirrorimages.mirror.event.RunEvent;
import java.util.List;

/** How an event looks in lines. Thread-safe. */
public interface EventFormat {
  /** The lines of an event, without line ends; empty if it has none in this format. */
  List<String> lines(RunEvent event);
}
