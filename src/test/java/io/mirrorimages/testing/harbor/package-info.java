/** A Harbor for tests: its rules in front of a real registry, and what it saw. */
package io.mirrorimages.testing.harbor;
