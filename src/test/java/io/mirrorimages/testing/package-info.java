/**
 * Servers that tests start for themselves: a scriptable one in the process, and real registries.
 */
package io.mirrorimages.testing;
