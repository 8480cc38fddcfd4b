import { BlockList, isIPv6 } from 'node:net';

const list = new BlockList();
/** Addresses that are no place of the public network (IANA special-purpose registries of IPv4 and IPv6). */
const ranges4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4';
const ranges6 =
  '::/128 ::1/128 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/32 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 ff00::/8';
for (const range of ranges4.split(' ')) list.addSubnet(range.split('/')[0], Number(range.split('/')[1]), 'ipv4');
for (const range of ranges6.split(' ')) list.addSubnet(range.split('/')[0], Number(range.split('/')[1]), 'ipv6');

/** Whether an address is of this machine, of a network of one's own, or of none: IPv4 inside of IPv6 is looked at as such. */
export function isPrivateAddress(address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
