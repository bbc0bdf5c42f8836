/** The tar format: headers, where entries lie, and a scan that believes nothing. */
package io.mirrorimages.archive.tar;
