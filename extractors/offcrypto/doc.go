// Package offcrypto undoes the encryption of Office files ([MS-OFFCRYPTO]) when
// the password is known: the obfuscation by XOR and the two sorts of RC4 of Office
// 95 to 2003, and the encrypted packages of Office 2007 and later. It guesses no
// password.
package offcrypto
