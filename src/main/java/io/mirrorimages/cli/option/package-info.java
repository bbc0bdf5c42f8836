/** Groups of options that several commands share, and the values that options take. */
package io.mirrorimages.cli.option;
