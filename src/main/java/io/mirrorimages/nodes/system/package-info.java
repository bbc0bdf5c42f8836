/** The table of the systems that a configuration can be written for. */
@NullMarked
package io.mirrorimages.nodes.system;

import org.jspecify.annotations.NullMarked;
