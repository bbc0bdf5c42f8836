/** The tar format: headers, where entries lie, and a scan that believes nothing. */
@NullMarked
package io.mirrorimages.archive.tar;

import org.jspecify.annotations.NullMarked;
